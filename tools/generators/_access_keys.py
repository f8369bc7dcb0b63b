"""Fixed keys of the vectors of access, and signatures that are the same every time; they protect nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import warnings
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

Json = dict[str, Any]
_EXPONENT, _CURVE = 65537, ec.SECP256R1()
# Two primes of 1024 bits: nothing makes an RSA key from a seed.
_P = (
    "e2d49ad4137214c71db8b5ea1eb6dd7c4b47e9dd4529c6b05a0210483881e6c030ef93374ff9ef3fbd5bbb5614cc5a35e352"
    "998db4cb1a7558bd2ef86061490b5c0d57d3f07917a2f8524d477c809bf86bda5766f209195e6cd5982045a5148d1551b84d"
    "f5a6f981184dd7608242f7e615ca2ddabdcae10bef22a038d1e63f45"
)
_Q = (
    "c49bc9a6e2d1730b8cbb5d3f8c29795dfa34eb64d6408c592a0341a291175197bd41676885ad6b8894de84f0692ddde9f5f6"
    "4fd03a24b510806f027418297b1c661b4b90a7c634cb8e7484e72d227ee3bdfea1f0c07958c7780a3d98d407bf39b13232b3"
    "92f893d84b91cbb835e5fb4d819876ecdcc8d99fc375644b55545801"
)
WEAK_PRIMES = (
    (
        "cbd688b773fd0312a657e072aaf42c7bd89296848ccf9243eb81634c6cd2837a5f46cd38cfc44c218d46519a4d444777"
        "06206b25d22ba1004cc7baf2cf3ab043"
    ),
    (
        "c81fa01eead1c47742fed4474d9b0aed47ec64d16690ef62e1497b4280ec4176030e81b1382673b189fc38585bc90e47"
        "1c58ba4c0965513a5f643acfdab35475"
    ),
)
"""Of a key of 1024 bits."""


def elliptic(name: str, curve: ec.EllipticCurve = _CURVE) -> ECKey:
    """Return the P-256 key of that name, or that of another curve."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest())
    return ECKey.import_key(_pem(ec.derive_private_key(seed, curve)), {"kid": name})


def edwards(name: str) -> OKPKey:
    """Return the Ed25519 key of that name."""
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
    return OKPKey.import_key(_pem(private), {"kid": name})


def rivest(name: str, primes: tuple[str, str] = (_P, _Q)) -> RSAKey:
    """Return the RSA key of 2048 bits, or that of other primes."""
    p, q = (int(prime, 16) for prime in primes)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    parts = d % (p - 1), d % (q - 1), pow(q, -1, p)
    numbers = rsa.RSAPrivateNumbers(p, q, d, *parts, rsa.RSAPublicNumbers(_EXPONENT, p * q))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return RSAKey.import_key(_pem(numbers.private_key()), {"kid": name})


def _pem(private: ec.EllipticCurvePrivateKey | Ed25519PrivateKey | rsa.RSAPrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def public(key: Key) -> Json:
    """Return the public half of a key with its name."""
    return dict(key.as_dict(private=False))


def bare(key: Key) -> Json:
    """Return the public half of a key as a proof carries it: without a name."""
    return {name: value for name, value in public(key).items() if name != "kid"}


def compact(header: Json, claims: Json | bytes, key: Key | None, alg: str | None = None) -> str:
    """Return a JWS signed as its header says, or by `alg`; the signature is empty without a key that can."""
    text = f"{encoded(written(header))}.{encoded(claims if isinstance(claims, bytes) else written(claims))}"
    found = _SIGNERS.get(alg or str(header.get("alg")))
    if found is None or not isinstance(key, found[0]):
        return f"{text}."
    return f"{text}.{encoded(found[1](key, text.encode()))}"


def encoded(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def written(part: Json) -> bytes:
    """Return JSON without spaces."""
    return json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode()


def _ecdsa(key: ECKey, data: bytes) -> bytes:
    private: Any = key.private_key
    made = private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return b"".join(number.to_bytes(32) for number in decode_dss_signature(made))


def _pkcs1(key: RSAKey, data: bytes) -> bytes:
    private: Any = key.private_key
    made: bytes = private.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return made


def _pss(key: RSAKey, data: bytes) -> bytes:
    """Sign as RFC 8017 section 8.1.1 says, with a salt that is known."""
    private: Any = key.private_key
    numbers, salt = private.private_numbers(), bytes(32)
    size = private.key_size // 8
    digest = hashlib.sha256(bytes(8) + hashlib.sha256(data).digest() + salt).digest()
    block = bytes(size - 66) + b"\1" + salt
    mask = b"".join(hashlib.sha256(digest + number.to_bytes(4)).digest() for number in range(size // 32))
    masked = bytes(a ^ b for a, b in zip(block, mask, strict=False))
    padded = bytes([masked[0] & 0x7F]) + masked[1:] + digest + b"\xbc"
    made: int = pow(int.from_bytes(padded), numbers.d, numbers.public_numbers.n)
    return made.to_bytes(size)


def _edwards(key: OKPKey, data: bytes) -> bytes:
    private: Any = key.private_key
    made: bytes = private.sign(data)
    return made


def _hmac(key: ECKey, data: bytes) -> bytes:
    """Sign with what everybody knows of a key, as in the attack that confuses both kinds."""
    return hmac.digest(written(public(key)), data, "sha256")


_SIGNERS: dict[str, tuple[type[Key], Callable[[Any, bytes], bytes]]] = {
    "ES256": (ECKey, _ecdsa),
    "ES384": (ECKey, _ecdsa),
    "HS256": (ECKey, _hmac),
    "PS256": (RSAKey, _pss),
    "RS256": (RSAKey, _pkcs1),
    "EdDSA": (OKPKey, _edwards),
    "Ed25519": (OKPKey, _edwards),
}
