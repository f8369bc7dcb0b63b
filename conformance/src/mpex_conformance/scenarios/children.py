"""Children: an office that acts for them, and people who ask for them without authority."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check

_OFFICE = {"organisation": "Invented youth welfare office"}


def _child(lab: Lab, kind: str, **members: Any) -> scenes.Known:
    """Register somebody who was born seventeen years ago."""
    name = scenes.fictitious_name()
    born = {"birth": {"date": str(int(samples.instant()[:4]) - 17)}, "summary": {"sex": "female"}}
    grants = [samples.grant([scenes.PURPOSE])]
    basis = scenes.directive(lab, grants, "childProtection", dataSubject="livingPerson")
    told = samples.contribution(samples.sections(name, **born), basis)
    record = lab.create("createPerson", samples.person([told], kind, **members))
    return scenes.Known(name, str(record["recordId"]), basis)


def _waits(lab: Lab, record: str) -> bool:
    return any(item["subject"] == record and item["kind"] == "childProtection" for item in scenes.tasks(lab))


@check("chld-001", requirements=["CHLD-001"])
def an_office_is_sought(lab: Lab) -> None:
    """A task waits until the record of a child who was found names an office that acts for it."""
    found = _child(lab, "foundAlive").record
    expect.that(_waits(lab, found), "nobody is asked to name a child protection office")
    grown = scenes.known(lab, kind="foundAlive", authority="self", dataSubject="livingPerson")
    expect.that(not _waits(lab, grown.record), "control: a child protection office is sought for an adult")
    read = expect.status(lab.staff("getPerson", recordId=found), 200)
    named = {**read.json, "childProtectionContact": _OFFICE}
    tag = {"If-Match": read.headers.get("etag")}
    expect.status(lab.staff("replacePerson", named, recordId=found, headers=tag), 200)
    expect.that(not _waits(lab, found), "the task stays open when the record names the office")


@check("chld-002", requirements=["CHLD-002"], needs=["partner.one"])
def the_office_answers(lab: Lab) -> None:
    """A release names the child protection office with the summary, and not where there is no summary."""
    child = _child(lab, "soughtPerson", childProtectionContact=_OFFICE)
    content = {"names": samples.query(child.name)["names"]}
    asked = samples.search(content, scenes.PURPOSE, "identity")
    answer = expect.status(lab.partner("one").call("createSearch", asked), 200)
    expect.that(answer.at("outcome") == "possibleHit", "a child whom its directive permits was not found")
    hit = scenes.Hit(child, str(answer.at("hits", 0, "reference")), asked["caseReference"], "one")
    _, release = scenes.released(lab, hit)
    rest = {name: given for name, given in release.at("disclosures").items() if name != "summary"}
    expect.that(_OFFICE["organisation"] not in str(rest), "the office is named beside the summary")
    values = [entry["value"] for entry in release.at("disclosures", "summary", "values")]
    named = [value["childProtectionContact"] for value in values if "childProtectionContact" in value]
    expect.that(named == [_OFFICE], "the release does not name the child protection office")
    reduced = scenes.requested(lab, hit)
    scenes.decide(lab, reduced, decision="approveReduced", categories=["existence", "names"])
    told = expect.status(scenes.collect(lab, reduced), 200)
    expect.absent(told, [_OFFICE["organisation"]], "the office of a child whose age is not told")


@check("chld-003", requirements=["CHLD-003"])
def reporters_are_no_guardians(lab: Lab) -> None:
    """Who asks for a child is told nothing without authority, or a decision in the child's interests."""
    child = _child(lab, "soughtPerson").record
    guardian = scenes.directive(lab, [], "guardian", dataSubject="soughtPerson")
    told = {"channel": "phone"}
    decided = {"decider": "Invented youth welfare office", "reason": "Conformance run"}
    for why, directives, contact, status in (
        ("no authority", [], told, 409),
        ("a question", [], {**told, "asksOnly": True}, 201),
        ("a decision", [], {**told, "bestInterests": decided}, 201),
        ("a guardian", [guardian], told, 201),
    ):
        body = samples.search_request(child, directives=directives)
        request = lab.create("createSearchRequest", body)["requestId"]
        expect.status(lab.staff("clearContact", contact, requestId=request), status, why=why)
