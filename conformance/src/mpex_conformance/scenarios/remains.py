"""Remains: inventories that fit their numbers, custody that is never rewritten, one identity at a time."""

from datetime import timedelta
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer

LEFT_THIGH = {"region": "thigh", "side": "left", "complete": True}
BROKEN_RULE = "ruleViolation"


def unit(**members: Any) -> dict[str, Any]:
    """Return a remains unit."""
    return samples.person([samples.contribution({"physical": {"build": "medium"}})], "remainsUnit", **members)


def changed(lab: Lab, record: str, **members: Any) -> Answer:
    """Replace the newest version of a unit with some members changed."""
    read = expect.status(lab.staff("getRemainsUnit", recordId=record), 200)
    tag = {"If-Match": read.headers.get("etag", "")}
    return lab.staff("replaceRemainsUnit", {**read.json, **members}, recordId=record, headers=tag)


def identified(lab: Lab, units: list[str], person: str | None = None, state: str = "confirmed") -> Answer:
    """Ask to record an identification of a death that names a person, a new one by default."""
    body = {
        "persons": [person or scenes.known(lab).record],
        "remains": units,
        "methods": ["dna"],
        "evidence": ["laboratory report"],
        "competentAuthority": "Fictia Institute",
        "state": state,
        "conclusion": "deceased",
        "decidedAt": samples.instant(),
    }
    return lab.staff("createIdentification", body)


@check("rem-001", requirements=["REM-001"])
def enough_individuals(lab: Lab) -> None:
    """Two complete parts of one region and side need two individuals; two pieces need one."""
    two = [{**LEFT_THIGH, "count": 2}]
    too_few = unit(parts=two, commingled=True, minimumIndividuals=1)
    expect.problem(lab.staff("createRemainsUnit", too_few), 422, BROKEN_RULE)
    made = lab.create("createRemainsUnit", unit(parts=two, commingled=True, minimumIndividuals=2))
    refused = changed(lab, made["recordId"], parts=[*two, LEFT_THIGH])
    expect.problem(refused, 422, BROKEN_RULE, why="a third part in a change")
    pieces = [{**LEFT_THIGH, "complete": False, "count": 2}]
    expect.status(lab.staff("createRemainsUnit", unit(parts=pieces)), 201, why="pieces of one part")


@check("rem-002", requirements=["REM-002"])
def several_are_commingled(lab: Lab) -> None:
    """A unit of several individuals says that it is commingled."""
    expect.problem(lab.staff("createRemainsUnit", unit(minimumIndividuals=2)), 422, BROKEN_RULE)
    expect.status(lab.staff("createRemainsUnit", unit(minimumIndividuals=2, commingled=True)), 201)


@check("rem-003", requirements=["REM-003"])
def sets_have_no_circle(lab: Lab) -> None:
    """A unit lies neither in itself nor in one of its own parts."""
    outer = lab.create("createRemainsUnit", unit())["recordId"]
    inner = lab.create("createRemainsUnit", unit(parentSet=outer))["recordId"]
    innermost = lab.create("createRemainsUnit", unit(parentSet=inner))["recordId"]
    for target in (outer, inner, innermost):
        expect.problem(changed(lab, outer, parentSet=target), 422, BROKEN_RULE)


@check("rem-004", requirements=["REM-004"])
def custody_is_added_to(lab: Lab) -> None:
    """The custody chain takes new entries, and keeps the old ones as they are."""
    first = {"at": samples.instant(timedelta(hours=-2)), "event": "recovered", "to": "Fictia Coast Service"}
    second = {"at": samples.instant(timedelta(hours=-1)), "event": "transferred", "to": "Fictia Institute"}
    entry = samples.contribution({"custody": {"events": [first]}})
    made = lab.create("createRemainsUnit", samples.person([entry], "remainsUnit"))
    kept = made["contributions"][0]

    def with_chain(*events: dict[str, Any]) -> Answer:
        contribution = {**kept, "sections": {"custody": {"events": list(events)}}}
        return changed(lab, made["recordId"], contributions=[contribution])

    expect.status(with_chain(first, second), 200, why="an entry is added")
    altered = {**first, "to": "Fictia Morgue"}
    for events in ((altered, second), (second,), (second, first), ()):
        expect.problem(with_chain(*events), 422, BROKEN_RULE)
    other = samples.contribution({"physical": {"build": "medium"}})
    dropped = changed(lab, made["recordId"], contributions=[other])
    expect.problem(dropped, 422, BROKEN_RULE, why="the contribution is dropped")


@check("rem-005", requirements=["REM-005"])
def one_identity_for_one_individual(lab: Lab) -> None:
    """A unit of one individual is confirmed to be one person, a commingled one may be several."""
    single = lab.create("createRemainsUnit", unit())["recordId"]
    person = scenes.known(lab).record
    expect.status(identified(lab, [single], person), 201)
    expect.status(identified(lab, [single], person), 201, why="the same person once more")
    expect.problem(identified(lab, [single]), 422, BROKEN_RULE)
    doubted = expect.status(identified(lab, [single], state="preliminary"), 201, why="a preliminary one")
    tag = {"If-Match": doubted.headers.get("etag", "")}
    confirmed = {**doubted.json, "state": "confirmed"}
    identifier = str(doubted.at("identificationId"))
    answer = lab.staff("replaceIdentification", confirmed, identificationId=identifier, headers=tag)
    expect.problem(answer, 422, BROKEN_RULE, why="a preliminary one is confirmed")
    mixed = lab.create("createRemainsUnit", unit(commingled=True, minimumIndividuals=2))["recordId"]
    for _ in range(2):
        expect.status(identified(lab, [mixed]), 201, why="commingled")
    expect.problem(changed(lab, mixed, commingled=False, minimumIndividuals=1), 422, BROKEN_RULE)


@check("rem-006", requirements=["REM-006"])
def identities_follow_one_another(lab: Lab) -> None:
    """After a revocation the unit can be confirmed to be somebody else, and both decisions stay on file."""
    single = lab.create("createRemainsUnit", unit())["recordId"]
    first = expect.status(identified(lab, [single]), 201)
    identifier = str(first.at("identificationId"))
    revoked = {**first.json, "state": "revoked"}
    tag = {"If-Match": first.headers.get("etag", "")}
    answer = lab.staff("replaceIdentification", revoked, identificationId=identifier, headers=tag)
    expect.status(answer, 200)
    expect.status(identified(lab, [single]), 201, why="after the revocation")
    former = expect.status(lab.staff("getIdentification", identificationId=identifier), 200)
    expect.that(former.at("state") == "revoked", "the former identification is not on file any more")
