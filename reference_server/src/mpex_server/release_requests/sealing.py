"""Sealed releases: a release travels so that its recipient alone reads it (REL-018, RFC 9180).

Holder, recipient, purpose and release are bound to the seal; what was sealed for another use does not open.
"""

from typing import Any

from mpex_server.errors import Problem
from mpex_server.http.spec import schema_validator
from mpex_server.keys import KeyProvider
from mpex_server.kit import base64url, hpke, strict_json
from mpex_server.release_requests import statements

_TYPE = "mpex-sealed-release"
Json = dict[str, Any]


def key_of(entry: Json) -> Json:
    """Return the first key for encryption of a registry entry; raises Problem `encryptionKeyMissing`."""
    key = next((key for key in entry["jwks"].get("keys", ()) if hpke.is_for_encryption(key)), None)
    if key is None:
        raise Problem("encryptionKeyMissing")
    return dict(key)


def sealed(release: Json, key: Json) -> Json:
    """Return a release (release.json) sealed to a public JWK (sealed-release.json)."""
    claims = statements.claims_of(release["statement"])
    bound = info(claims["iss"], claims["aud"], claims["purpose"], claims["jti"])
    enc, ciphertext = hpke.seal(hpke.public_key(key), strict_json.dumps(release), bound)
    return {
        "release": claims["jti"],
        "kid": key["kid"],
        "enc": base64url.encode(enc),
        "ciphertext": base64url.encode(ciphertext),
    }


def opened(keys: KeyProvider, package: Json, *, issuer: str, audience: str, purpose: str) -> Json:
    """Return the release that was sealed for this use; raises Problem `partnerFailed`."""
    if not schema_validator("sealed-release").is_valid(package):
        raise Problem("partnerFailed", "The release does not follow its schema.")
    bound = info(issuer, audience, purpose, package["release"])
    try:
        enc, ciphertext = (base64url.decode(package[name]) for name in ("enc", "ciphertext"))
        release = strict_json.loads(keys.unseal(package["kid"], enc, ciphertext, bound))
    except KeyError as error:
        text = (
            "The release is sealed to a key that this node does not have; is its registry entry up to date?"
        )
        raise Problem("partnerFailed", text) from error
    except ValueError as error:
        raise Problem("partnerFailed", "The release is not sealed to this node for this use.") from error
    if not schema_validator("release").is_valid(release):
        raise Problem("partnerFailed", "The release does not follow its schema.")
    return dict(release)


def info(issuer: str, audience: str, purpose: str, release: str) -> bytes:
    """Return what a seal is bound to, as canonical JSON (RFC 8785)."""
    bound = {"iss": issuer, "aud": audience, "purpose": purpose, "release": release, "type": _TYPE}
    return strict_json.canonical(bound)
