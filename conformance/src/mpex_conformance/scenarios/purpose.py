"""Purpose: prohibited ones are refused for everybody and logged; a token is good for one purpose."""

from typing import Any

from mpex_spec import codelist

from mpex_conformance import expect, handovers, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.logbook import entries, logged
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire import contract
from mpex_conformance.wire.actor import Actor, Token, details
from mpex_conformance.wire.exchange import Answer
from mpex_conformance.wire.jose import b64u


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
            expect.refused(answer, "PURP-001", why=purpose)
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


@check("purp-002-event", requirements=["PURP-002"], needs=["partner.one", "mock"])
def no_event_for_prohibited(lab: Lab) -> None:
    """An event that names a prohibited purpose is refused, though its access token is for another."""
    question = {
        "onwardId": samples.identifier("releaseRequest"),
        "recipient": lab.mock("one").node_id,
        "categories": ["names"],
    }
    for purpose in (*prohibited(), scenes.PURPOSE):
        event = {f"{handovers.PREFIX}onwardAsked": question | {"purpose": purpose}}
        token = lab.mock("one").event_token(samples.identifier("release"), event)
        answer = lab.partner("one").call("receiveEvent", token)
        if purpose == scenes.PURPOSE:
            expect.status(answer, 202, why="permitted purpose")
        else:
            expect.problem(answer, 403, "prohibitedPurpose", why=purpose)


@check("purp-003", requirements=["PURP-003"], needs=["partner.one"])
def refusals_are_logged(lab: Lab) -> None:
    """The refusal of a prohibited purpose leaves an entry: at the token endpoint and at a resource."""
    actor = lab.partner("one")
    before = sum(_of(entry, actor, "returnProcedure") for entry in entries(lab))
    for actions in (["searches:create"], ["searches:invent"]):
        answer, _ = actor.ask_token("returnProcedure", actions)
        expect.refused(answer, "PURP-001", why="prohibited")
    case = samples.case_reference()
    body = samples.search(samples.query("Nemo Ficta"), "immigrationEnforcement", caseReference=case)
    answer = expect.problem(actor.call("createSearch", body), 403, "prohibitedPurpose")
    logged(lab, [(answer, case)])
    expect.eventually(
        lambda: sum(_of(entry, actor, "returnProcedure") for entry in entries(lab)) > before + 1 or None,
        within=lab.config.event_seconds,
        what="a log entry for each refusal at the token endpoint",
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
    expect.refused(
        actor.call("createSearch", body, token=token), "PURP-004", why="purpose of the token differs"
    )
    token = actor.token(str(others[0]), "searches:create")
    expect.status(actor.call("createSearch", body, token=token), 200, why="same purpose")


@check("purp-005", requirements=["PURP-005"])
def purposes_of_the_node(lab: Lab) -> None:
    """Nobody gets a token for a purpose that the node does not publish, its own staff neither."""
    published = lab.metadata["purposes"]
    others = [purpose for purpose in codelist("purposes") if purpose not in (*published, *prohibited())]
    if not others:
        raise UntestableError("the target publishes every purpose that there is")
    for actor, action in _clients(lab):
        answer, _ = actor.ask_token(others[0], [action])
        expect.refused(answer, "PURP-005", why=others[0])


def _limited(lab: Lab, operation_id: str, categories: list[str], body: Any = None, **ids: Any) -> Answer:
    """Call an operation as staff, with a token for some categories only."""
    action = contract.operations()[operation_id].action or ""
    actor = lab.staff_for(action)
    asked = [{**details(scenes.PURPOSE, [action])[0], "categories": categories}]
    answer, key = actor.ask_token(authorization_details=asked)
    token = Token(str(expect.status(answer, 200).at("access_token")), key, 0.0)
    return actor.call(operation_id, body, token=token, **ids)


@check("purp-006", requirements=["PURP-006"])
def categories_of_the_token(lab: Lab) -> None:
    """A token for some categories shows staff no record with others, and searches for no others."""
    known = scenes.known(lab)
    every = sorted(codelist("categories"))
    fewer = [name for name in every if name != "birth"]
    record = {"recordId": known.record}
    expect.status(_limited(lab, "getPerson", every, **record), 200)
    expect.refused(_limited(lab, "getPerson", fewer, **record), "PURP-006", why="birth is left out")
    expect.refused(
        _limited(lab, "listPersons", ["existence"]), "PURP-006", why="all but existence is left out"
    )
    search = samples.search(samples.query(known.name), scenes.PURPOSE)
    expect.status(_limited(lab, "createSearch", every, search), 200)
    expect.refused(
        _limited(lab, "createSearch", fewer, search), "PURP-006", why="the query is about the birth"
    )


@check("purp-007", requirements=["PURP-007"], needs=["partner.one"])
def matrix(lab: Lab) -> None:
    """A category that a purpose may never receive is not released, whatever a directive permits."""
    basis = scenes.directive(lab, [samples.grant([scenes.PURPOSE], categories=["medical", "names"])])
    name = scenes.fictitious_name()
    condition = f"Conditio {scenes.fictitious_name()}"
    content = samples.sections(name, medical={"conditions": [condition]})
    record = lab.create("createPerson", samples.person([samples.contribution(content, basis)]))
    found = scenes.hit(lab, scenes.Known(name, str(record["recordId"]), basis))
    asked = scenes.release_request(found, releaseSet=None, categories=["existence", "names", "medical"])
    answer = expect.status(lab.partner("one").call("createReleaseRequest", asked), 202)
    request = scenes.Request(found, str(answer.at("releaseRequestId")))
    scenes.decide(lab, request)
    release = expect.status(scenes.collect(lab, request), 200)
    expect.absent(release, [condition], "a category that the purpose may never receive")
    expect.that("names" in release.at("disclosures"), "control: a permitted category is not released")
