"""Digests of a release: SHA-256 over salt and canonical JSON of a category's values; and proofs of origin."""

import hashlib
import secrets
from typing import Any

import rfc8785

from mpex_conformance.wire.jose import b64u, unb64u


def digest(salt: str, values: list[dict[str, Any]]) -> str:
    """Return the digest of one category, base64url; ``salt`` is base64url too."""
    return b64u(hashlib.sha256(unb64u(salt) + rfc8785.dumps(values)).digest())


def proof_digest(category: str, stated: str) -> str:
    """Return the digest of one category in a proof of origin; ``stated`` is that of the statement."""
    return b64u(hashlib.sha256(f"{category}:{stated}".encode()).digest())


def origin_proof(statement: dict[str, Any]) -> dict[str, Any]:
    """Return the claims by which a custodian proves the origin of a release with these claims."""
    origin = {"release": statement["jti"], "chain": [statement["iss"]], **statement["origin"]}
    true = [proof_digest(*entry) for entry in statement["digests"].items()]
    others = [b64u(secrets.token_bytes(32)) for _ in range(32 - len(true))]
    return {
        "iss": origin["custodian"],
        "aud": [*origin["chain"], statement["aud"]][1],
        "jti": origin["release"],
        "iat": statement["iat"],
        "record": origin["record"],
        "version": origin["version"],
        **{name: statement[name] for name in ("purpose", "validUntil", "obligations")},
        "digests": sorted(true + others),
    }
