"""Access as the vectors decide: each of their changes made to what a client of the target sends."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import mpex_spec

from mpex_conformance import clock, expect
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import CheckFailedError
from mpex_conformance.registry import check
from mpex_conformance.wire import jose, proofs
from mpex_conformance.wire.actor import Actor, details
from mpex_conformance.wire.exchange import Answer

_ACTION = "incidents:read"
_NODE = re.compile(r"https://node\.example(?=[/\"])")
_SLACK_SECONDS = 30


def _document(name: str) -> dict[str, Any]:
    text = (mpex_spec.root() / "vectors" / "access" / f"{name}.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def _changes(name: str, issuer: str) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Yield the cases that any client can make, again and again, with the changed header and claims."""
    for case in _document(name)["cases"]:
        change = case.get("change")
        if change is None or "url" in case or change["signer"] not in ("client", "stranger", None):
            continue
        text = _NODE.sub(lambda _: issuer, json.dumps(change.get("claims", {})))
        claims = json.loads(text) | _times(change.get("times", {}), accepted=case["accepted"])
        if "node.example" in text.lower() or (case["accepted"] and "jti" in claims):
            continue
        yield case, change.get("header", {}), claims


def _times(seconds: dict[str, int], *, accepted: bool) -> dict[str, int]:
    """Return instants well on their side of a limit: requests take a while, and clocks differ."""
    now = clock.seconds()
    if accepted:
        return {name: now + value // 2 for name, value in seconds.items()}
    return {name: now + value + int(math.copysign(_SLACK_SECONDS, value)) for name, value in seconds.items()}


def _signed(
    case: dict[str, Any], header: dict[str, Any], actor: Actor
) -> tuple[jose.PrivateKey | None, dict[str, Any]]:
    """Return who signs a case, and its header with that one's own key where it is in there."""
    signer = case["change"]["signer"]
    stranger = jose.new_key()
    if signer == "stranger" and "jwk" in header:
        header = {**header, "jwk": jose.public_jwk(stranger)}
    return {"client": actor.identity.key, "stranger": stranger}.get(signer), header


@check("auth-017", requirements=["AUTH-017"])
def as_vectors_show(lab: Lab) -> None:
    """Assertions, proofs, tokens and authorization details are accepted and refused as the vectors show."""
    actor = lab.staff_for(_ACTION)
    published = _document("assertions")
    for case, header, claims in _changes("assertions", lab.doors.issuer):
        key, header = _signed(case, header, actor)
        made = actor.assertion(key=key, header=header, claims=claims)
        answer, _ = actor.ask_token(actions=[_ACTION], assertion=made)
        _as_decided(answer, {**published, **case}, "assertion")
    token, url = actor.token("searchLiving", _ACTION), f"{lab.wire.base_url}/v1/incidents"
    for case, header, claims in _changes("proofs", lab.wire.base_url):
        key, header = _signed(case, header, actor)
        made, _ = proofs.proof(
            key or actor.identity.key, method="GET", url=url, token=token.value, header=header, claims=claims
        )
        _as_decided(lab.staff("listIncidents", token=token, headers={"DPoP": made}), case, "proof")
    published = _document("authorization-details")
    for case in published["cases"]:
        if not case["accepted"]:
            answer, _ = actor.ask_token(authorization_details=case["authorizationDetails"])
            _as_decided(answer, {**published, **case}, "authorization details")
    published = _document("tokens")
    for case, given in _presented(published["cases"], token.value, actor):
        bare = (given or "").rpartition(" ")[2]
        made, _ = proofs.proof(actor.identity.key, method="GET", url=url, token=bare)
        fields = {"Authorization": given, "DPoP": made if case["proofs"] else None}
        _as_decided(lab.staff("listIncidents", token=token, headers=fields), {**published, **case}, "token")


def _as_decided(answer: Answer, case: dict[str, Any], what: str) -> None:
    """Expect what a vector says: its status, and its error in the body or in the challenge."""
    why = f"{what}: {case['name']}"
    if case["accepted"]:
        expect.status(answer, 200, why=why)
        return
    expect.status(answer, case["status"], why=why)
    error = answer.at("error") if answer.operation == "createToken" else expect.challenge(answer)
    expect.that(error == case.get("error"), f"the error is {error}, expected {case.get('error')} ({why})")


def _presented(
    cases: list[dict[str, Any]], token: str, actor: Actor
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the cases of tokens that need no key of the target, each with its header `Authorization`."""
    right = next(case["authorization"] for case in cases if case["name"] == "presented as dpop")
    parts, own = right.rpartition(" ")[2].split("."), token.split(".")
    instead = {**dict(zip(parts, own, strict=True)), parts[2][::-1]: own[2][::-1]}
    for case in cases:
        given = case["authorization"]
        if "change" not in case and given is not None:
            scheme, space, said = given.rpartition(" ")
            yield case, scheme + space + ".".join(instead.get(part, part) for part in said.split("."))
        elif "change" not in case:
            yield case, None
        elif not str(case["change"]["signer"]).startswith("node"):
            change = {**jose.header(token), **case["change"].get("header", {})}
            key, header = _signed(case, change, actor)
            kept = {name: value for name, value in header.items() if value is not None}
            yield case, f"DPoP {jose.compact(kept, jose.claims(token), key)}"


@check("auth-018", requirements=["AUTH-018"])
def one_way_to_authenticate(lab: Lab) -> None:
    """A request for a token names each parameter once, and its client in one way."""
    actor = lab.staff_for(_ACTION)
    expect.status(actor.ask_token(actions=[_ACTION])[0], 200, why="control")
    forms: dict[str, dict[str, str | list[str]]] = {
        "an assertion and a secret": {"client_secret": "secret"},
        "a grant twice": {"grant_type": ["client_credentials"] * 2},
        "a client twice": {"client_id": [actor.identity.client_id] * 2},
    }
    for why, form in forms.items():
        answer, _ = actor.ask_token(actions=[_ACTION], form=form)
        expect.refused(answer, "AUTH-018", why=why)


@check("auth-021", requirements=["AUTH-021"])
def one_grant(lab: Lab) -> None:
    """A request for a token by another grant is refused, however right the rest of it is."""
    actor = lab.staff_for(_ACTION)
    expect.status(actor.ask_token(actions=[_ACTION])[0], 200, why="control")
    for grant in (
        "authorization_code",
        "password",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "CLIENT_CREDENTIALS",
    ):
        answer, _ = actor.ask_token(actions=[_ACTION], form={"grant_type": grant})
        expect.refused(answer, "AUTH-021", why=grant)


@check("auth-022", requirements=["AUTH-022"])
def tokens_say_what_they_are(lab: Lab) -> None:
    """A token says its type, who gave it to whom, to which key it is bound, and what was granted."""
    actor = lab.staff_for(_ACTION)
    asked = [{**details("searchLiving", [_ACTION])[0], "categories": ["existence"]}]
    answer = expect.status(actor.ask_token(authorization_details=asked)[0], 200)
    token = str(answer.at("access_token"))
    claims = jose.verified(token, lab.jwks)
    if claims is None:
        raise CheckFailedError("the token is not signed by a published key")
    expect.that(jose.header(token).get("typ") in ("at+jwt", "application/at+jwt"), "typ is not at+jwt")
    client = actor.identity.client_id
    for name, value in (
        ("iss", lab.doors.issuer),
        ("aud", lab.doors.issuer),
        ("sub", client),
        ("client_id", client),
        ("authorization_details", asked),
    ):
        expect.that(claims.get(name) == value, f"the token has another {name} than it must")
    bound = jose.thumbprint(jose.public_jwk(actor.identity.key))
    expect.that(
        claims.get("cnf", {}).get("jkt") == bound, "the token is bound to another key than the proof's"
    )
    expect.that(isinstance(claims.get("jti"), str) and claims["jti"], "the token has no jti")
    expect.that(isinstance(claims.get("iat"), int), "the token does not say since when it is")
    expect.that(
        answer.at("authorization_details") == asked, "the answer says that something else was granted"
    )
    expect.that(str(answer.at("token_type")).lower() == "dpop", "the token is not said to be of type DPoP")
