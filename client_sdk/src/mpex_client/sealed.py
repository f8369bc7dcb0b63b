"""Sealed releases: what a node collected opens with the node's own key and for its own use only (REL-018)."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class SealError(ValueError):
    """The release is sealed to another key or for another use, or the key is no private X25519 JWK."""


def open_release(
    package: Mapping[str, Any], key: Mapping[str, Any], *, issuer: str, audience: str, purpose: str
) -> dict[str, Any]:
    """Return the release (release.json) in a sealed one (sealed-release.json); raises SealError.

    `key` is the private X25519 JWK whose `kid` the package names, `issuer` the node that released,
    `audience` the node that collected, and `purpose` that of the request.
    """
    bound = {"iss": issuer, "aud": audience, "purpose": purpose, "release": package["release"]}
    # The canonical form (RFC 8785) of an object of ASCII strings.
    info = json.dumps(
        {**bound, "type": "mpex-sealed-release"}, sort_keys=True, separators=(",", ":")
    ).encode()
    try:
        private = X25519PrivateKey.from_private_bytes(_decoded(key["d"]))
        sealed = _decoded(package["enc"]) + _decoded(package["ciphertext"])
        return dict(json.loads(_SUITE.decrypt(sealed, private, info)))
    except (InvalidTag, ValueError, KeyError) as error:
        raise SealError("the release does not open with this key for this use") from error


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
