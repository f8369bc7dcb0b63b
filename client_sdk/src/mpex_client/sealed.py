"""What a node collected sealed opens with the node's own key and for its own use only (REL-018, CUST-023)."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class SealError(ValueError):
    """The package is sealed to another key or for another use, or the key is no private X25519 JWK."""


def open_release(
    package: Mapping[str, Any], key: Mapping[str, Any], *, issuer: str, audience: str, purpose: str
) -> dict[str, Any]:
    """Return the release (release.json) in a sealed one (sealed-release.json); raises SealError.

    `key` is the private X25519 JWK whose `kid` the package names, `issuer` the node that released,
    `audience` the node that collected, and `purpose` that of the request.
    """
    bound = {"iss": issuer, "aud": audience, "purpose": purpose, "release": package["release"]}
    return _opened(package, key, {**bound, "type": "mpex-sealed-release"})


def open_custody_package(
    package: Mapping[str, Any], key: Mapping[str, Any], *, issuer: str, audience: str, purpose: str
) -> dict[str, Any]:
    """Return the record in transfer (custody-package.json) in a sealed one; raises SealError.

    `key` is the private X25519 JWK whose `kid` the package names, `issuer` the node that offers the record,
    `audience` the node that takes it over, and `purpose` that of the offer.
    """
    bound = {"iss": issuer, "aud": audience, "purpose": purpose, "transfer": package["transfer"]}
    return _opened(package, key, {**bound, "type": "mpex-sealed-custody-package"})


def _opened(package: Mapping[str, Any], key: Mapping[str, Any], bound: dict[str, str]) -> dict[str, Any]:
    # The canonical form (RFC 8785) of an object of ASCII strings.
    info = json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()
    try:
        private = X25519PrivateKey.from_private_bytes(_decoded(key["d"]))
        sealed = _decoded(package["enc"]) + _decoded(package["ciphertext"])
        return dict(json.loads(_SUITE.decrypt(sealed, private, info)))
    except (InvalidTag, ValueError, KeyError) as error:
        raise SealError("the package does not open with this key for this use") from error


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
