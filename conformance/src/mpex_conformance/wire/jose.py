"""JOSE by hand: signs whatever header and claims it is given, so that every malformed variant can be made.

Verification is left to a library; only making is done here, because no library makes wrong tokens.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jwk, jws
from joserfc.errors import JoseError

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | bytes
ALLOWED = ("ES256", "PS256", "EdDSA", "Ed25519")


def b64u(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64u(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def compact(header: dict[str, Any], payload: dict[str, Any], key: PrivateKey | None) -> str:
    """Return a compact JWS signed as ``header["alg"]`` says; no key or an unknown alg gives no signature."""
    parts = (json.dumps(part, separators=(",", ":")).encode() for part in (header, payload))
    signing_input = ".".join(b64u(part) for part in parts)
    return f"{signing_input}.{b64u(signature(header.get('alg'), key, signing_input.encode()))}"


def signature(alg: object, key: PrivateKey | None, data: bytes) -> bytes:
    """Return the raw signature of ``data`` by a JOSE algorithm; none for what does not fit."""
    match alg, key:
        case "ES256", ec.EllipticCurvePrivateKey():
            r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32) + s.to_bytes(32)
        case "RS256", rsa.RSAPrivateKey():
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        case "PS256", rsa.RSAPrivateKey():
            return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        case "EdDSA" | "Ed25519", ed25519.Ed25519PrivateKey():
            return key.sign(data)
        case "HS256", bytes():
            return hmac.digest(key, data, "sha256")
        case _:
            return b""


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(key: PrivateKey) -> dict[str, Any]:
    """Return the public JWK of ``key``."""
    match key:
        case ec.EllipticCurvePrivateKey():
            numbers = key.public_key().public_numbers()
            return {"kty": "EC", "crv": "P-256", "x": _int(numbers.x, 32), "y": _int(numbers.y, 32)}
        case rsa.RSAPrivateKey():
            rsa_numbers = key.public_key().public_numbers()
            return {"kty": "RSA", "n": _int(rsa_numbers.n, 256), "e": _int(rsa_numbers.e, 3)}
        case ed25519.Ed25519PrivateKey():
            return {"kty": "OKP", "crv": "Ed25519", "x": b64u(key.public_key().public_bytes_raw())}
        case _:
            raise TypeError("a secret has no public half")


def _int(value: int, size: int) -> str:
    return b64u(value.to_bytes(size))


def private_key(document: dict[str, Any]) -> ec.EllipticCurvePrivateKey:
    """Read a private P-256 JWK; ValueError for every other key."""
    if document.get("kty") != "EC" or document.get("crv") != "P-256" or "d" not in document:
        raise ValueError("the key is not a private P-256 JWK")
    return ec.derive_private_key(int.from_bytes(unb64u(document["d"])), ec.SECP256R1())


def thumbprint(document: dict[str, Any]) -> str:
    """Return the RFC 7638 thumbprint of a public JWK."""
    members = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}
    core = {name: document[name] for name in members[document["kty"]]}
    return b64u(hashlib.sha256(json.dumps(core, sort_keys=True, separators=(",", ":")).encode()).digest())


def claims(token: str) -> dict[str, Any]:
    """Return the payload of a compact JWS without checking it; ValueError when it is none."""
    return _part(token, 1)


def header(token: str) -> dict[str, Any]:
    """Return the header of a compact JWS without checking it; ValueError when it is none."""
    return _part(token, 0)


def _part(token: str, index: int) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("not a compact JWS")
    value = json.loads(unb64u(parts[index]))
    if not isinstance(value, dict):
        raise ValueError("a part of the JWS is not an object")
    return value


def verified(token: str, keys: dict[str, Any]) -> dict[str, Any] | None:
    """Return the payload when a key of the JWKS ``keys`` signed ``token``, else None."""
    registry = jws.JWSRegistry(algorithms=list(ALLOWED), strict_check_header=False)
    try:
        read = jws.deserialize_compact(
            token, jwk.KeySet.import_key_set({"keys": keys["keys"]}), registry=registry
        )
        payload = json.loads(read.payload)
    except (JoseError, ValueError, KeyError):
        return None
    return payload if isinstance(payload, dict) else None


def bare_verified(raw: bytes, data: bytes, kid: str, keys: dict[str, Any]) -> bool:
    """Return whether the key ``kid`` of the JWKS ``keys`` made the raw signature of ``data``."""
    found = next((key for key in keys["keys"] if key.get("kid") == kid and key.get("use") != "enc"), None)
    if found is None:
        return False
    alg = {"EC": "ES256", "RSA": "PS256"}.get(found["kty"], "Ed25519")
    algorithm = jws.JWSRegistry(algorithms=[alg]).get_alg(alg)
    try:
        return bool(algorithm.verify(data, raw, jwk.import_key(found)))
    except (JoseError, ValueError):
        return False
