"""Access as the vectors decide: each of their changes made to what a client of the target sends."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import mpex_spec

from mpex_conformance import clock, expect
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire import jose, proofs
from mpex_conformance.wire.actor import Actor

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


def _key(case: dict[str, Any], actor: Actor) -> jose.PrivateKey | None:
    signers = {"client": actor.identity.key, "stranger": jose.new_key()}
    return signers.get(case["change"]["signer"])


@check("auth-017", requirements=["AUTH-017"])
def as_vectors_show(lab: Lab) -> None:
    """Assertions, proofs and authorization details are accepted and refused as the vectors show."""
    actor = lab.staff_for(_ACTION)
    for case, header, claims in _changes("assertions", lab.doors.issuer):
        made = actor.assertion(key=_key(case, actor), header=header, claims=claims)
        answer, _ = actor.ask_token(actions=[_ACTION], assertion=made)
        expect.status(answer, *((200,) if case["accepted"] else (400, 401)), why=f"assertion: {case['name']}")
    token, url = actor.token("searchLiving", _ACTION), f"{lab.wire.base_url}/v1/incidents"
    for case, header, claims in _changes("proofs", lab.wire.base_url):
        key = _key(case, actor) or actor.identity.key
        made, _ = proofs.proof(key, method="GET", url=url, token=token.value, header=header, claims=claims)
        answer = lab.staff("listIncidents", token=token, headers={"DPoP": made})
        expect.status(answer, 200 if case["accepted"] else 401, why=f"proof: {case['name']}")
    for case in _document("authorization-details")["cases"]:
        if not case["accepted"]:
            answer, _ = actor.ask_token(authorization_details=case["authorizationDetails"])
            expect.oauth_error(answer, "invalid_authorization_details", why=case["name"])


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
        expect.oauth_error(answer, "invalid_request", why=why)
