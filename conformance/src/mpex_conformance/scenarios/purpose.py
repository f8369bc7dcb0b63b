"""Purpose: prohibited ones are refused for everybody and logged; a token is good for one purpose."""

from typing import Any

from mpex_spec import codelist

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.logbook import entries, logged
from mpex_conformance.registry import check
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.jose import b64u

_DETAILS_ERROR = "invalid_authorization_details"


def prohibited() -> list[str]:
    """Return the purposes that the standard prohibits."""
    return [code for code, row in codelist("purposes").items() if row["prohibited"] == "true"]


def _clients(lab: Lab) -> list[tuple[Actor, str]]:
    staff = [(lab.staff_for("persons:read"), "persons:read")]
    return staff + [
        (lab.partners[name], "searches:create") for name in ("one", "two") if name in lab.partners
    ]


@check("purp-001", requirements=["PURP-001"])
def no_token_for_prohibited(lab: Lab) -> None:
    """No client gets a token for a prohibited purpose, and each gets one for a permitted purpose."""
    expect.that(len(prohibited()) == 4, "the standard prohibits four purposes")
    for actor, action in _clients(lab):
        for purpose in prohibited():
            answer, _ = actor.ask_token(purpose, [action])
            expect.oauth_error(answer, _DETAILS_ERROR, why=purpose)
        expect.status(actor.ask_token(scenes.PURPOSE, [action])[0], 200, why="permitted purpose")


@check("purp-002", requirements=["PURP-002"], needs=["partner.one"])
def no_body_for_prohibited(lab: Lab) -> None:
    """A body that names a prohibited purpose is refused before any record is looked at."""
    query = samples.query("Nemo Ficta")
    bodies: list[tuple[str, Any]] = [("createSearch", samples.search(query, item)) for item in prohibited()]
    absent = b64u(b"\x00" * 48)
    ask = {
        "hitReference": absent,
        "caseReference": samples.case_reference(),
        "purpose": "immigrationEnforcement",
        "legalBasis": "legalObligation",
        "releaseSet": "identity",
        "reason": "Conformance run",
    }
    bodies.append(("createReleaseRequest", ask))
    for operation_id, body in bodies:
        answer = lab.partner("one").call(operation_id, body)
        expect.problem(answer, 403, "prohibitedPurpose", why=str(body["purpose"]))
    grants = [samples.grant(["commercial"])]
    expect.problem(lab.staff("createDirective", samples.directive(grants)), 403, "prohibitedPurpose")
    known = scenes.known(lab)
    search = samples.search(samples.query(known.name), "borderControl")
    expect.problem(
        lab.partner("one").call("createSearch", search), 403, "prohibitedPurpose", why="record exists"
    )


@check("purp-003", requirements=["PURP-003"], needs=["partner.one"])
def refusals_are_logged(lab: Lab) -> None:
    """The refusal of a prohibited purpose leaves an entry: at the token endpoint and at a resource."""
    actor = lab.partner("one")
    before = sum(_of(entry, actor, "returnProcedure") for entry in entries(lab))
    expect.oauth_error(actor.ask_token("returnProcedure", ["searches:create"])[0], why="prohibited")
    case = samples.case_reference()
    body = samples.search(samples.query("Nemo Ficta"), "immigrationEnforcement", caseReference=case)
    answer = expect.problem(actor.call("createSearch", body), 403, "prohibitedPurpose")
    logged(lab, [(answer, case)])
    expect.eventually(
        lambda: sum(_of(entry, actor, "returnProcedure") for entry in entries(lab)) > before or None,
        within=lab.config.event_seconds,
        what="a log entry for the refusal at the token endpoint",
        every=0.5,
    )


def _of(entry: dict[str, Any], actor: Actor, purpose: str) -> bool:
    who = {actor.identity.client_id, actor.identity.node_id}
    return entry.get("purpose") == purpose and entry.get("actor") in who


@check("purp-004", requirements=["PURP-004"], needs=["partner.one"])
def one_token_one_purpose(lab: Lab) -> None:
    """A request for another purpose than that of its token is refused."""
    actor = lab.partner("one")
    others = [purpose for purpose in lab.entry("one")["purposes"] if purpose != scenes.PURPOSE]
    expect.that(others, "partner one has only one purpose")
    token = actor.token(scenes.PURPOSE, "searches:create")
    body = samples.search(samples.query("Nemo Ficta"), str(others[0]))
    expect.problem(actor.call("createSearch", body, token=token), 403, why="purpose of the token differs")
    token = actor.token(str(others[0]), "searches:create")
    expect.status(actor.call("createSearch", body, token=token), 200, why="same purpose")
