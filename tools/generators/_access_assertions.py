"""Client assertions (RFC 7523), good and bad."""

from __future__ import annotations

from collections.abc import Iterator

from tools.generators._access_cases import (
    CLIENT,
    CLIENT_ID,
    ED,
    ISSUER,
    NOW,
    RSA,
    STRANGER,
    TOKEN_ENDPOINT,
    Change,
    identifier,
    reversed_signature,
    signature_halves,
)
from tools.generators._access_keys import Json, compact, elliptic, encoded, public, written

_FOR_SEALING = elliptic("client-for-sealing")
_GOOD = {
    "ES256": Change(),
    "PS256": Change(header={"alg": "PS256", "kid": "client-rsa"}, signer="client-rsa"),
    "Ed25519": Change(header={"alg": "Ed25519", "kid": "client-ed25519"}, signer="client-ed25519"),
    "Ed25519 under its older name": Change(
        header={"alg": "EdDSA", "kid": "client-ed25519"}, signer="client-ed25519"
    ),
    "the key is not named": Change(header={"kid": None}),
    "a name that two keys have": Change(header={"alg": "Ed25519", "kid": "client"}, signer="client-ed25519"),
    "members that nobody knows are ignored": Change(header={"more": "x"}, claims={"more": "x"}),
    "no type": Change(header={"typ": None}),
    "no iat": Change(claims={"iat": None}),
    "nbf now": Change(times={"nbf": 0}),
    "iat 10 seconds ahead": Change(times={"iat": 10}),
    "nbf 10 seconds ahead": Change(times={"nbf": 10}),
    "300 seconds to live": Change(times={"exp": 300}),
}
_BAD = {
    "not signed": Change(header={"alg": "none"}, signer=None),
    "not signed, but said to be": Change(signer=None),
    "RS256": Change(header={"alg": "RS256", "kid": "client-rsa"}, signer="client-rsa"),
    "HS256 with the public key as secret": Change(header={"alg": "HS256"}),
    "ES384 said of a P-256 key": Change(header={"alg": "ES384"}),
    "PS256 said of a P-256 key": Change(header={"alg": "PS256"}, signer="client-rsa"),
    "no alg": Change(header={"alg": None}),
    "another key under the name of a registered one": Change(signer="stranger"),
    "a name that no key has": Change(header={"kid": "nobody"}),
    "the name of another registered key": Change(header={"kid": "client-rsa"}),
    "its own key in the header": Change(header={"jwk": public(STRANGER)}, signer="stranger"),
    "an extension that must be understood": Change(header={"crit": ["exp"]}),
    "a list with the issuer as audience": Change(claims={"aud": [ISSUER]}),
    "a list with a foreign audience": Change(claims={"aud": [ISSUER, "https://other.example"]}),
    "the token endpoint as audience": Change(claims={"aud": TOKEN_ENDPOINT}),
    "another issuer as audience": Change(claims={"aud": "https://other.example"}),
    "the issuer with a slash as audience": Change(claims={"aud": f"{ISSUER}/"}),
    "no audience": Change(claims={"aud": None}),
    "no sub": Change(claims={"sub": None}),
    "no iss": Change(claims={"iss": None}),
    "another iss": Change(claims={"iss": "client:other"}),
    "another sub": Change(claims={"sub": "client:other"}),
    "sub is a number": Change(claims={"sub": 7, "iss": 7}),
    "no jti": Change(claims={"jti": None}),
    "jti is a number": Change(claims={"jti": 7}),
    "jti is empty": Change(claims={"jti": ""}),
    "jti is very long": Change(claims={"jti": "x" * 129}),
    "no exp": Change(claims={"exp": None}),
    "exp is a text": Change(claims={"exp": str(NOW + 60)}),
    "exp 5 minutes past": Change(times={"exp": -300, "iat": -360}),
    "301 seconds to live": Change(times={"exp": 301}),
    "301 seconds between iat and exp": Change(times={"iat": -200, "exp": 101}),
    "ten years to live": Change(times={"exp": 315_360_000}),
    "iat 61 seconds ahead": Change(times={"iat": 61, "exp": 120}),
    "nbf 61 seconds ahead": Change(times={"nbf": 61}),
    "nbf is true": Change(claims={"nbf": True}),
}

_HEADER = {"typ": "JWT", "alg": "ES256", "kid": "client"}
NOTE = (
    "Client assertions. `now` is the clock of the token endpoint in seconds of the epoch, `jwks` the "
    "registered keys of `clientId`. `change` says what differs from a right assertion: members of header "
    "and claims, null for an absent one, `times` in seconds after `now`, and who signs; `change` is "
    "absent where the text itself was changed. Keys of vectors protect nothing."
)


def document() -> Json:
    """Return the vectors of client assertions."""
    twin = {**public(ED), "kid": "client"}
    sealing = {**public(_FOR_SEALING), "use": "enc"}
    registered = [public(CLIENT), public(RSA), public(ED), twin, sealing]
    return {
        "description": NOTE,
        "requirements": ["AUTH-002", "AUTH-003", "AUTH-005", "AUTH-017"],
        "now": NOW,
        "issuer": ISSUER,
        "tokenEndpoint": TOKEN_ENDPOINT,
        "clientId": CLIENT_ID,
        "jwks": {"keys": registered},
        "status": 401,
        "error": "invalid_client",
        "cases": list(_cases()),
    }


def _cases() -> Iterator[Json]:
    for accepted, table in ((True, _GOOD), (False, _BAD)):
        for name, change in table.items():
            yield _case(name, made(name, change), accepted) | {"change": change.shown()}
    for name, assertion in _others().items():
        yield _case(name, assertion, accepted=False)


def _others() -> dict[str, str]:
    """Return what no change of a member makes."""
    right = made("changed afterwards", Change())
    head, claims, signature = right.split(".")
    r, s = signature_halves(signature)
    twice = written(_claims("twice")).replace(b'{"iss"', b'{"iss":"client:other","iss"')
    return {
        "by a key that is registered for sealing": compact(
            {**_HEADER, "kid": _FOR_SEALING.kid}, _claims("sealing"), _FOR_SEALING
        ),
        "an ES256 signature under another name": compact(
            {**_HEADER, "alg": "PS256"}, _claims("renamed"), CLIENT, "ES256"
        ),
        "another signature": reversed_signature(right),
        "a signature with a zero in its middle": f"{head}.{claims}.{encoded(r + bytes(1) + s)}",
        "claims changed after signing": f"{head}.{encoded(b'{}')}.{signature}",
        "a list as header": f"{encoded(b'[]')}.{claims}.{signature}",
        "a list as claims": compact(_HEADER, b"[]", CLIENT),
        "a member twice": compact(_HEADER, twice, CLIENT),
        "two parts": f"{head}.{claims}",
        "four parts": f"{right}.{signature}",
        "padded base64": f"{head}.{claims}.{signature}==",
        "not base64": "a.b.c",
        "not ASCII": f"{right}\u00e9",
        "empty": "",
    }


def _case(name: str, assertion: str, accepted: bool) -> Json:
    return {"name": name, "assertion": assertion, "accepted": accepted}


def _claims(jti: str) -> Json:
    return {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": ISSUER,
        "jti": jti,
        "iat": NOW,
        "exp": NOW + 60,
    }


def made(name: str, change: Change) -> str:
    """Return the assertion of a case: the right one, changed."""
    header, claims = change.applied(_HEADER, _claims(identifier("assertion", name)))
    return compact(header, claims, change.key)
