"""Protection of life: for health and rescue services, by two persons, for three days, with a review."""

from datetime import datetime, timedelta
from typing import Any

from mpex_conformance import clock, expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire import jose
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.exchange import Answer

_PURPOSE = "protectLife"
_CLASSES = frozenset({"health", "rescue"})


def _partner(lab: Lab, *, rescues: bool) -> str:
    """Return a partner with the purpose in its mandate that is, or is not, a health or rescue service."""
    for name in lab.ordinary:
        entry = lab.entry(name)
        if _PURPOSE in entry["purposes"] and (entry["recipientClass"] in _CLASSES) is rescues:
            return name
    raise UntestableError(f"no partner of the profile asks for {_PURPOSE}")


def _seen(lab: Lab, partner: str) -> tuple[str, Answer, str]:
    """Let a partner search for somebody with rare marks, whom every class may see by the directive."""
    marks = [{"kind": "scar", "bodyLocation": samples.word(), "observed": True} for _ in range(3)]
    content: dict[str, Any] = {
        "summary": {"sex": "female", "age": {"min": 30, "max": 32, "asOf": "2026-01-01"}},
        "identity": {"nationalities": [{"country": "XK", "basis": "claimed"}], "languages": ["fr"]},
        "physical": {"heightCm": {"min": 171, "max": 172}, "marks": marks},
    }
    basis = scenes.directive(lab, [samples.grant([_PURPOSE], recipientClasses=["humanitarian", *_CLASSES])])
    entry = samples.contribution(content, basis)
    record = lab.create("createPerson", samples.person([entry], nameUnknown=True))["recordId"]
    case = samples.case_reference()
    body = samples.search(content, _PURPOSE, caseReference=case)
    answer = lab.partner(partner).call("createSearch", body, purpose=_PURPOSE)
    return str(record), expect.status(answer, 200), case


def _asked(lab: Lab) -> tuple[str, str, str]:
    """Let a rescue service ask for a release; return record, partner and release request."""
    partner = _partner(lab, rescues=True)
    record, answer, case = _seen(lab, partner)
    expect.that(answer.at("outcome") == "possibleHit", "a rescue service does not find whom it may see")
    body = {
        "hitReference": answer.at("hits", 0, "reference"),
        "caseReference": case,
        "purpose": _PURPOSE,
        "legalBasis": "vitalInterest",
        "categories": ["existence", "physical"],
        "reason": "Conformance run with synthetic records",
    }
    asked = lab.partner(partner).call("createReleaseRequest", body, purpose=_PURPOSE)
    return record, partner, str(expect.status(asked, 202).at("releaseRequestId"))


def _officers(lab: Lab) -> list[Actor]:
    officers = [actor for actor in lab.actors.values() if actor.may(scenes.PURPOSE, "releaseCases:decide")]
    if len(officers) < 2:
        raise UntestableError("the profile has no two persons who decide on releases")
    return officers


def _approve(officer: Actor, request: str) -> Answer:
    return officer.call("decideReleaseCase", {"decision": "approve"}, releaseRequestId=request)


def _collect(lab: Lab, partner: str, request: str) -> Answer:
    return scenes.collected(lab, partner, request, _PURPOSE)


def _approved(lab: Lab) -> tuple[str, str, str]:
    record, partner, request = _asked(lab)
    for officer in _officers(lab)[:2]:
        expect.status(_approve(officer, request), 200)
    return record, partner, request


@check("purp-008", requirements=["PURP-008"], needs=["partner.one"])
def for_rescue_only(lab: Lab) -> None:
    """Whoever is neither a health nor a rescue service finds nobody by protecting lives."""
    _, answer, _ = _seen(lab, _partner(lab, rescues=True))
    expect.that(answer.at("outcome") == "possibleHit", "control: a rescue service does not find anybody")
    other = lab.partner(_partner(lab, rescues=False))
    refused, _ = other.ask_token(_PURPOSE, ["searches:create"])
    expect.oauth_error(refused, why="asked by who neither heals nor rescues")


@check("purp-009", requirements=["PURP-009"], needs=["partner.one"])
def for_three_days(lab: Lab) -> None:
    """A release to protect a life ends within 72 hours."""
    _, partner, request = _approved(lab)
    release = expect.status(_collect(lab, partner, request), 200)
    claims = jose.verified(str(release.at("statement")), lab.jwks)
    until = datetime.fromisoformat(str((claims or {})["validUntil"]))
    expect.that(until <= clock.utc() + timedelta(hours=72, minutes=1), "the release lasts longer")


@check("purp-010", requirements=["PURP-010"], needs=["partner.one"])
def by_two_persons(lab: Lab) -> None:
    """One person alone releases nothing to protect a life, however often they approve."""
    _, partner, request = _asked(lab)
    first, second = _officers(lab)[:2]
    expect.status(_approve(first, request), 200)
    _approve(first, request)
    expect.problem(_collect(lab, partner, request), 404, why="one person has approved")
    expect.status(_approve(second, request), 200)
    expect.status(_collect(lab, partner, request), 200, why="two persons have approved")


def _tasks(lab: Lab, kind: str, subject: str) -> list[dict[str, Any]]:
    return [task for task in scenes.tasks(lab) if (task["kind"], task["subject"]) == (kind, subject)]


@check("purp-011", requirements=["PURP-011"], needs=["partner.one"])
def reviewed_by_others(lab: Lab) -> None:
    """Each approval is to be reviewed, and nobody who approved can say that it was."""
    _, _, request = _approved(lab)
    found = _tasks(lab, "emergencyReview", request)
    expect.that(len(found) == 1, "no task asks for a review")
    for officer in _officers(lab)[:2]:
        refused = officer.call("completeTask", {}, taskId=str(found[0]["taskId"]))
        expect.that(refused.status in (403, 409), "who approved has closed the review")
    expect.that(_tasks(lab, "emergencyReview", request), "the review is closed, and nobody has looked")


@check("purp-012", requirements=["PURP-012"], needs=["partner.one"])
def told_to_the_person(lab: Lab) -> None:
    """Each approval is to be told to the person."""
    record, _, _ = _approved(lab)
    expect.that(len(_tasks(lab, "informPerson", record)) == 1, "no task asks to inform the person")
