"""DPoP proofs (RFC 9449), good and bad: the list of the conformance tests of FAPI 2.0, and more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tools.generators import _access_cases as given
from tools.generators._access_cases import Change
from tools.generators._access_keys import Json, bare, compact, encoded
from tools.generators._access_tokens import access_token

_GOOD = {
    "right": Change(),
    "members that nobody knows are ignored": Change(header={"more": "x"}, claims={"more": "x"}),
    "htu with query and fragment": Change(claims={"htu": f"{given.RESOURCE}?page=2#end"}),
    "htu in capitals": Change(claims={"htu": "HTTPS://NODE.example/v1/incidents"}),
    "htu with the port that goes without saying": Change(
        claims={"htu": "https://node.example:443/v1/incidents"}
    ),
    "iat 10 seconds ahead": Change(times={"iat": 10}),
    "iat 10 seconds ago": Change(times={"iat": -10}),
    "iat 60 seconds ago": Change(times={"iat": -60}),
    "nbf and exp around now": Change(times={"nbf": 0, "exp": 60}),
    "jti of 128 characters": Change(claims={"jti": "x" * 128}),
}
_BAD = {
    "no typ": Change(header={"typ": None}),
    "another typ": Change(header={"typ": "JWT"}),
    "no alg": Change(header={"alg": None}),
    "not signed": Change(header={"alg": "none"}, signer=None),
    "RS256": Change(header={"alg": "RS256", "jwk": bare(given.RSA)}, signer="client-rsa"),
    "HS256": Change(header={"alg": "HS256"}),
    "a key of 1024 bits": Change(header={"alg": "PS256", "jwk": bare(given.WEAK)}, signer="client-rsa-1024"),
    "a P-384 key": Change(header={"jwk": bare(given.LARGE)}),
    "jwk is a text": Change(header={"jwk": "key"}),
    "a secret in place of a key": Change(header={"jwk": {"kty": "oct", "k": encoded(bytes(32))}}),
    "no jwk": Change(header={"jwk": None}),
    "its private key in jwk": Change(header={"jwk": dict(given.CLIENT.as_dict(private=True))}),
    "the key of somebody else in jwk": Change(header={"jwk": bare(given.STRANGER)}),
    "a key for encryption": Change(header={"jwk": {**bare(given.CLIENT), "use": "enc"}}),
    "an extension that must be understood": Change(header={"crit": ["ath"]}),
    "no jti": Change(claims={"jti": None}),
    "jti is a number": Change(claims={"jti": 7}),
    "jti is empty": Change(claims={"jti": ""}),
    "no htm": Change(claims={"htm": None}),
    "another htm": Change(claims={"htm": "POST"}),
    "htm in small letters": Change(claims={"htm": "get"}),
    "no htu": Change(claims={"htu": None}),
    "another path": Change(claims={"htu": f"{given.ISSUER}/v1/persons"}),
    "a slash after the path": Change(claims={"htu": f"{given.RESOURCE}/"}),
    "another host": Change(claims={"htu": "https://other.example/v1/incidents"}),
    "another port": Change(claims={"htu": "https://node.example:444/v1/incidents"}),
    "another scheme": Change(claims={"htu": "http://node.example/v1/incidents"}),
    "a user in htu": Change(claims={"htu": "https://user@node.example/v1/incidents"}),
    "htu is no address": Change(claims={"htu": "https://node.example:x/"}),
    "no iat": Change(claims={"iat": None}),
    "iat is a text": Change(claims={"iat": str(given.NOW)}),
    "iat 61 seconds ago": Change(times={"iat": -61}),
    "iat an hour ago": Change(times={"iat": -3600}),
    "iat an hour ahead": Change(times={"iat": 3600}),
    "iat 61 seconds ahead": Change(times={"iat": 61}),
    "nbf 61 seconds ahead": Change(times={"nbf": 61}),
    "nbf is a text": Change(claims={"nbf": str(given.NOW)}),
    "exp is a text": Change(claims={"exp": str(given.NOW + 60)}),
    "exp an hour ago": Change(times={"exp": -3600}),
    "no ath": Change(claims={"ath": None}),
    "ath of another token": Change(claims={"ath": encoded(hashlib.sha256(b"another").digest())}),
    "ath is a number": Change(claims={"ath": 7}),
}
_AT_TOKEN_ENDPOINT = {
    "PS256 at the token endpoint": ("PS256", "client-rsa"),
    "Ed25519 at the token endpoint": ("Ed25519", "client-ed25519"),
    "Ed25519 under its older name at the token endpoint": ("EdDSA", "client-ed25519"),
}

NOTE = (
    "DPoP proofs. `now` is the clock of the node in seconds of the epoch; `proofs` are the header fields "
    "`DPoP` of a request `method` `url` with `accessToken`, which is good and bound to the key of a right "
    "proof. `error` is that of the header field `WWW-Authenticate`, or of the answer of the token "
    "endpoint. `change` says what differs from a right proof, as in the vectors of assertions; it is "
    "absent where something else differs."
)


def document() -> Json:
    """Return the vectors of proofs."""
    return {
        "description": NOTE,
        "requirements": ["AUTH-001", "AUTH-007", "AUTH-017", "AUTH-020"],
        "now": given.NOW,
        "method": "GET",
        "url": given.RESOURCE,
        "accessToken": access_token("proofs"),
        "cases": list(_cases()),
    }


def _cases() -> Iterator[Json]:
    for name, change in _GOOD.items():
        yield _case(name, [made(name, change)], None) | {"change": change.shown()}
    for name, change in _BAD.items():
        yield _case(name, [made(name, change)], "invalid_dpop_proof") | {"change": change.shown()}
    right = made("changed afterwards", Change())
    yield _case("another signature", [given.reversed_signature(right)], "invalid_dpop_proof")
    yield _case("not a JWT", ["not a proof"], "invalid_dpop_proof")
    yield _case("an empty field", [""], "invalid_dpop_proof")
    yield _case("none", [], "invalid_dpop_proof")
    yield _case("two", [made("one", Change()), made("two", Change())], "invalid_dpop_proof")
    strange = Change(header={"jwk": bare(given.STRANGER)}, signer="stranger")
    yield _case("sound, by a key that the token is not bound to", [made("strange", strange)], "invalid_token")
    for name, (alg, signer) in _AT_TOKEN_ENDPOINT.items():
        change = Change(
            header={"alg": alg, "jwk": bare(given.KEYS[signer])},
            claims={"htm": "POST", "htu": given.TOKEN_ENDPOINT, "ath": None},
            signer=signer,
        )
        yield _at_token_endpoint(name, made(name, change), None)
    change = Change(claims={"htm": "POST", "ath": None})
    bad = made("for a resource", change)
    yield _at_token_endpoint("for a resource, at the token endpoint", bad, "invalid_dpop_proof")


def _at_token_endpoint(name: str, proof: str, error: str | None) -> Json:
    where = {"method": "POST", "url": given.TOKEN_ENDPOINT, "accessToken": None}
    return _case(name, [proof], error, status=400) | where


def _case(name: str, proofs: list[str], error: str | None, *, status: int = 401) -> Json:
    case = {"name": name, "proofs": proofs, "accepted": error is None}
    return case if error is None else case | {"status": status, "error": error}


def made(name: str, change: Change) -> str:
    """Return the proof of a case: the right one, changed."""
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": bare(given.CLIENT)}
    hashed = encoded(hashlib.sha256(access_token("proofs").encode()).digest())
    claims = {
        "jti": given.identifier("proof", name),
        "htm": "GET",
        "htu": given.RESOURCE,
        "iat": given.NOW,
        "ath": hashed,
    }
    return compact(*change.applied(header, claims), change.key)
