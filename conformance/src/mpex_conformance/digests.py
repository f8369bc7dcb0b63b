"""Digests of a release, one for each value, those of handed out records, and proofs of origin."""

import hashlib
import secrets
from typing import Any

import rfc8785

from mpex_conformance.wire.jose import b64u, unb64u


def digest(salt: str, content: Any) -> str:
    """Return base64url of SHA-256 over a salt, which is base64url too, and canonical JSON."""
    return b64u(hashlib.sha256(unb64u(salt) + rfc8785.dumps(content)).digest())


def value_digest(entry: dict[str, Any]) -> str:
    """Return the digest of one value of a release: that of the rest of its entry under its salt."""
    return digest(entry["salt"], {name: value for name, value in entry.items() if name != "salt"})


def proof_digests(statement: dict[str, Any]) -> list[str]:
    """Return the digests that a proof of origin has for the values of a statement."""
    return [
        b64u(hashlib.sha256(f"{category}:{stated}".encode()).digest())
        for category, every in statement["digests"].items()
        for stated in every
    ]


def origin_proof(statement: dict[str, Any]) -> dict[str, Any]:
    """Return the claims by which a custodian proves the origin of a release with these claims."""
    origin = {"release": statement["jti"], "chain": [statement["iss"]], **statement["origin"]}
    true = proof_digests(statement)
    others = [b64u(secrets.token_bytes(32)) for _ in range(64 - len(true))]
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
