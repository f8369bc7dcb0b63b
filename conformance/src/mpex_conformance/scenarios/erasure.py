"""Erasure on request: out of use at once, of free will only, by two persons, after a waiting period."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.exchange import Answer

_PROOF = {"method": "document", "checkedBy": "Fictia desk"}
_PURPOSE = scenes.PURPOSE


def _check(outcome: str = "noSign") -> dict[str, Any]:
    return {"coercionCheck": {"by": "Fictia desk", "outcome": outcome}}


def _request(record: str, outcome: str = "noSign", **members: Any) -> dict[str, Any]:
    return {"record": record, "asker": "person", "identityProof": _PROOF, **_check(outcome), **members}


def _asked(lab: Lab, record: str, outcome: str = "noSign", **members: Any) -> Any:
    return lab.create("createErasureRequest", _request(record, outcome, **members))


def _confirmed(actor: Actor, erasure: str) -> Answer:
    return actor.call("confirmErasureRequest", _check(), purpose=_PURPOSE, erasureId=erasure)


def _status(lab: Lab, record: str) -> Any:
    return expect.status(lab.staff("getPerson", recordId=record), 200).at("status")


@check("era-001", requirements=["ERA-001"], needs=["partner.one"])
def out_of_use(lab: Lab) -> None:
    """A record whose erasure was asked for is neither found nor changed."""
    known = scenes.known(lab)
    expect.that(scenes.finds(lab, known.name), "control: the record is not found before the request")
    _asked(lab, known.record)
    expect.that(not scenes.finds(lab, known.name), "a record that waits for its erasure is found")
    read = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    headers = {"If-Match": read.headers.get("etag", "")}
    changed = lab.staff(
        "replacePerson", {**read.json, "status": "open"}, recordId=known.record, headers=headers
    )
    expect.that(changed.status >= 400, "a record that waits for its erasure was changed")


@check("era-002", requirements=["ERA-002"])
def coerced(lab: Lab) -> None:
    """A sign of coercion ends the request, restricts the record and opens a task of protection."""
    known = scenes.known(lab)
    made = _asked(lab, known.record, "sign")
    expect.that(made["state"] == "refused", "somebody who seems to be forced has a record erased")
    expect.that(_status(lab, known.record) == "restricted", "the record is used on")
    subjects = [task["subject"] for task in scenes.tasks(lab) if task["kind"] == "protection"]
    expect.that(known.record in subjects, "nobody is asked to protect whoever asks")


@check("era-003", requirements=["ERA-003"])
def two_persons(lab: Lab) -> None:
    """Whoever took a request cannot confirm it."""
    both = [actor for actor in lab.actors.values() if _may(actor, "write") and _may(actor, "confirm")]
    if not both:
        raise UntestableError("no staff identity of the profile may both take and confirm an erasure")
    body = _request(scenes.known(lab).record)
    made = expect.status(both[0].call("createErasureRequest", body, purpose=_PURPOSE), 201)
    expect.problem(_confirmed(both[0], str(made.at("erasureId"))), 403, "actionNotAllowed")


@check("era-004", requirements=["ERA-004"])
def waiting_period(lab: Lab) -> None:
    """A request cannot be confirmed before its waiting period is over."""
    if lab.limit("erasureWaitDays") == 0:
        raise UntestableError("the target has no waiting period")
    takers = [actor for actor in lab.actors.values() if _may(actor, "write")]
    known = scenes.known(lab)
    made = expect.status(
        takers[0].call("createErasureRequest", _request(known.record), purpose=_PURPOSE), 201
    )
    other = next(actor for actor in lab.actors.values() if actor is not takers[0] and _may(actor, "confirm"))
    expect.problem(_confirmed(other, str(made.at("erasureId"))), 409, "conflict")
    expect.that(_status(lab, known.record) == "restricted", "the record is erased or used")


@check("era-005", requirements=["ERA-005"], needs=["partner.one"])
def revoked(lab: Lab) -> None:
    """A revoked request leaves the record as it was."""
    known = scenes.known(lab)
    made = _asked(lab, known.record)
    ended = lab.staff("revokeErasureRequest", {"identityProof": _PROOF}, erasureId=made["erasureId"])
    expect.that(expect.status(ended, 200).at("state") == "revoked", "the request is not revoked")
    expect.that(_status(lab, known.record) == "open", "the record has not its status of before")
    expect.that(scenes.finds(lab, known.name), "a record whose erasure was revoked is not found")


@check("era-006", requirements=["ERA-006"])
def remains_stay(lab: Lab) -> None:
    """Remains are not erased on request."""
    unit = samples.person([samples.contribution(samples.sections(scenes.fictitious_name()))], "remainsUnit")
    record = str(lab.create("createRemainsUnit", unit)["recordId"])
    expect.problem(lab.staff("createErasureRequest", _request(record)), 422, "ruleViolation")


@check("era-008", requirements=["ERA-008"], needs=["partner.one"])
def reported(lab: Lab) -> None:
    """An access report under the request names who had what."""
    known = scenes.known(lab)
    scenes.released(lab, scenes.hit(lab, known))
    made = _asked(lab, known.record)
    report = expect.status(lab.staff("getErasureAccessReport", erasureId=made["erasureId"]), 200)
    kinds = [entry["kind"] for entry in report.at("entries")]
    expect.that("release" in kinds, "the report does not name a recipient of the record")


@check("era-009", requirements=["ERA-009"], needs=["partner.one"])
def own_contributions(lab: Lab) -> None:
    """An enquirer's request leaves what another enquirer contributed."""
    known = scenes.known(lab)
    own = scenes.directive(lab, [samples.grant([_PURPOSE])])
    read = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    entries = read.at("contributions")
    entries.append(samples.contribution(samples.sections(known.name), own))
    headers = {"If-Match": read.headers.get("etag", "")}
    body = {**read.json, "contributions": entries}
    expect.status(lab.staff("replacePerson", body, recordId=known.record, headers=headers), 200)
    request = samples.search_request(known.record, directives=[own])
    name = lab.create("createSearchRequest", request)["requestId"]
    _asked(lab, known.record, asker="enquirer", searchRequest=name)
    expect.that(_status(lab, known.record) == "open", "one enquirer restricts the whole record")
    expect.that(scenes.finds(lab, known.name), "one enquirer takes away what another contributed")


def _may(actor: Actor, what: str) -> bool:
    return actor.may(_PURPOSE, f"erasures:{what}")
