"""Access tokens (RFC 9068) and how they are presented, good and bad; each with a proof that fits it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tools.generators._access_cases import (
    CLIENT,
    CLIENT_ID,
    ISSUER,
    NODE,
    NOW,
    OLDER,
    RESOURCE,
    STRANGER,
    Change,
    identifier,
    reversed_signature,
)
from tools.generators._access_keys import Json, bare, compact, encoded, public, written

_DETAILS = {
    "type": "urn:mpex:access",
    "purpose": "searchLiving",
    "legalBasis": "consent",
    "actions": ["incidents:read"],
}
_NODE = "node"
_GOOD = {
    "right": Change(signer=_NODE),
    "by an older key that is still published": Change(header={"kid": "node-older"}, signer="node-older"),
    "a second before its end": Change(times={"iat": -299, "exp": 1}, signer=_NODE),
}
_BAD = {
    "at its end": Change(times={"iat": -300, "exp": 0}, signer=_NODE),
    "long expired": Change(times={"iat": -3900, "exp": -3600}, signer=_NODE),
    "not signed": Change(header={"alg": "none"}, signer=None),
    "not signed, but said to be": Change(signer=None),
    "HS256 with the public key as secret": Change(header={"alg": "HS256"}, signer=_NODE),
    "another key under the name of the node's": Change(signer="stranger"),
    "a name that no key has": Change(header={"kid": "nobody"}, signer=_NODE),
    "no name of a key": Change(header={"kid": None}, signer=_NODE),
    "the key of its client": Change(signer="client"),
    "its own key in the header": Change(header={"jwk": public(STRANGER), "kid": None}, signer="stranger"),
    "an ordinary JWT": Change(header={"typ": "JWT"}, signer=_NODE),
    "no typ": Change(header={"typ": None}, signer=_NODE),
    "an event": Change(header={"typ": "secevent+jwt"}, signer=_NODE),
    "another audience": Change(claims={"aud": "https://other.example"}, signer=_NODE),
    "no audience": Change(claims={"aud": None}, signer=_NODE),
    "another issuer": Change(claims={"iss": "https://other.example"}, signer=_NODE),
    "no issuer": Change(claims={"iss": None}, signer=_NODE),
    "bound to another key": Change(claims={"cnf": {"jkt": STRANGER.thumbprint()}}, signer=_NODE),
    "bound to no key": Change(claims={"cnf": None}, signer=_NODE),
    "301 seconds to live": Change(times={"exp": 301}, signer=_NODE),
    "without a beginning": Change(claims={"iat": None}, signer=_NODE),
    "without an end": Change(claims={"exp": None}, signer=_NODE),
    "bound by another means": Change(claims={"cnf": {"x5t#S256": "x" * 43}}, signer=_NODE),
}
_SCHEMES = {"dpop": True, "DPOP": True, "Bearer": False, "bearer": False, "Basic": False, "": False}

NOTE = (
    "Access tokens. `now` is the clock of the node in seconds of the epoch, `jwks` are its published "
    "signing keys, `signingKey` the newest with its private member for those who put it into a test node; "
    "the client `clientId` is registered. `authorization` is that header field of the request `method` "
    "`url`, null for none, and `proofs` are its fields `DPoP`: sound, and made for this token. `error` is "
    "that of the header field `WWW-Authenticate`, null for none. `change` says what differs from "
    "a right token, as in the vectors of assertions; it is absent where something else "
    "differs. Keys of vectors protect nothing."
)


def document() -> Json:
    """Return the vectors of access tokens."""
    return {
        "description": NOTE,
        "requirements": ["AUTH-001", "AUTH-007", "AUTH-008", "AUTH-012", "AUTH-017"],
        "now": NOW,
        "issuer": ISSUER,
        "clientId": CLIENT_ID,
        "jwks": {"keys": [public(NODE), public(OLDER)]},
        "signingKey": dict(NODE.as_dict(private=True)),
        "method": "GET",
        "url": RESOURCE,
        "status": 401,
        "cases": list(_cases()),
    }


def _cases() -> Iterator[Json]:
    for name, change in _GOOD.items():
        yield _case(name, f"DPoP {_made(name, change)}", accepted=True) | {"change": change.shown()}
    for name, change in _BAD.items():
        bad = _case(name, f"DPoP {_made(name, change)}", accepted=False, error="invalid_token")
        yield bad | {"change": change.shown()}
    right = access_token("presented")
    head, _claims, signature = right.split(".")
    changed = f"{head}.{encoded(written({'sub': CLIENT_ID}))}.{signature}"
    yield _case("changed", f"DPoP {changed}", accepted=False, error="invalid_token")
    altered = f"DPoP {reversed_signature(right)}"
    yield _case("another signature", altered, accepted=False, error="invalid_token")
    yield _case("not a JWT", "DPoP token", accepted=False, error="invalid_token")
    for scheme, accepted in _SCHEMES.items():
        yield _case(f"presented as {scheme or 'nothing'}", f"{scheme} {right}".strip(), accepted=accepted)
    bearer = _case("presented as Bearer without a proof", f"Bearer {right}", accepted=False)
    yield bearer | {"proofs": []}
    alone = _case("presented without a proof", f"DPoP {right}", accepted=False, error="invalid_dpop_proof")
    yield alone | {"proofs": []}
    yield _case("no token", None, accepted=False)
    yield _case("a scheme alone", "DPoP", accepted=False)


def access_token(name: str) -> str:
    """Return a right token."""
    return _made(name, Change(signer=_NODE))


def _made(name: str, change: Change) -> str:
    header = {"typ": "at+jwt", "alg": "ES256", "kid": _NODE}
    claims = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": CLIENT_ID,
        "client_id": CLIENT_ID,
        "iat": NOW,
        "exp": NOW + 300,
        "jti": identifier("token", name),
        "cnf": {"jkt": CLIENT.thumbprint()},
        "authorization_details": [_DETAILS],
    }
    return compact(*change.applied(header, claims), change.key)


def _case(name: str, authorization: str | None, *, accepted: bool, error: str | None = None) -> Json:
    proof = _proof(name, (authorization or "").rpartition(" ")[2])
    case: Json = {"name": name, "authorization": authorization, "proofs": [proof], "accepted": accepted}
    return case if accepted else case | {"error": error}


def _proof(name: str, token: str) -> str:
    hashed = encoded(hashlib.sha256(token.encode()).digest())
    claims = {"jti": identifier("use", name), "htm": "GET", "htu": RESOURCE, "iat": NOW, "ath": hashed}
    return compact({"typ": "dpop+jwt", "alg": "ES256", "jwk": bare(CLIENT)}, claims, CLIENT)
