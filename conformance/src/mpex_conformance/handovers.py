"""Scenes of custody: records that the target hands over to a mock partner, or takes over from one."""

from dataclasses import dataclass
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.wire import jose
from mpex_conformance.wire.exchange import Answer

PREFIX = "urn:mpex:event:"


@dataclass(frozen=True, slots=True)
class Given:
    """A record that the mock partner hands over, and the one directive that it rests on."""

    transfer: str
    record: str
    directive: str
    version: int


def offer(lab: Lab, record: str, partner: str = "one") -> Answer:
    """Offer a record to a mock partner as staff."""
    terms = {"purpose": scenes.PURPOSE, "legalBasis": "vitalInterest"}
    body = {"record": record, "to": lab.entry(partner)["nodeId"], **terms}
    return lab.staff("createCustodyTransfer", body)


def offered(lab: Lab, known: scenes.Known, partner: str = "one") -> str:
    """Offer a person and return the transfer."""
    return str(expect.status(offer(lab, known.record, partner), 201).at("transferId"))


def collect(lab: Lab, transfer: str, partner: str = "one") -> Answer:
    """Fetch an offered record as a mock partner, and open it."""
    answer = lab.partner(partner).call("collectCustodyRecord", transferId=transfer)
    return scenes.unsealed(lab, partner, answer, "transfer", scenes.PURPOSE)


def say(lab: Lab, transfer: str, kind: str, event: dict[str, Any]) -> None:
    """Push an event on a transfer as the first mock partner."""
    push(lab, transfer, kind, {"transferId": transfer, **event})


def push(lab: Lab, subject: str, kind: str, event: dict[str, Any], partner: str = "one") -> None:
    """Push an event as a mock partner; the target must accept it."""
    token = lab.mock(partner).event_token(subject, {PREFIX + kind: event})
    expect.status(lab.partner(partner).call("receiveEvent", token), 202)


def taken_over(lab: Lab, known: scenes.Known) -> str:
    """Let the mock partner take a record over; return the transfer."""
    transfer = offered(lab, known)
    package = expect.status(collect(lab, transfer), 200)
    say(lab, transfer, "custodyState", acceptance(package))
    return transfer


def acceptance(package: Answer, **members: Any) -> dict[str, Any]:
    """Return what a partner says that takes a fetched record over; `members` are added or replace others."""
    claims = jose.claims(str(package.at("statement")))
    said = {"digest": claims["digest"], "record": claims["record"], "version": claims["version"] + 1}
    return {"state": "taken", **said, **members}


def waiting(
    lab: Lab, partner: str = "one", *, record: str | None = None, version: int = 7, **package: Any
) -> Given:
    """Let a mock partner offer a record, which it holds ready."""
    transfer, directive = samples.identifier("transfer"), samples.directive([samples.grant([scenes.PURPOSE])])
    directive["directiveId"] = samples.identifier("directive")
    entry = samples.contribution(samples.sections(scenes.fictitious_name()), directive["directiveId"])
    entry["contributionId"] = samples.identifier("contribution")
    person = samples.person([entry], recordId=record or samples.identifier("person"), version=version)
    lab.mock(partner).made_package(transfer, person, directive, **package)
    offer = {"transferId": transfer, "record": person["recordId"], "legalBasis": "vitalInterest"}
    push(lab, transfer, "custodyOffer", offer, partner)
    return Given(transfer, str(person["recordId"]), str(directive["directiveId"]), version)


def take(lab: Lab, given: Given, **answer: Any) -> Answer:
    """Let staff of the target take over what a mock partner offers."""
    return lab.staff("answerCustodyOffer", {"answer": "take", **answer}, transferId=given.transfer)


def given_over(lab: Lab, **terms: Any) -> Given:
    """Let the mock partner offer a record and the target's staff take it over, unconfirmed as yet."""
    given = waiting(lab, **terms)
    taken = expect.status(take(lab, given), 200)
    expect.that(taken.at("state") == "taken", "the record was not taken over")
    return given


def arrived(lab: Lab, recipients: tuple[dict[str, Any], ...] = (), **terms: Any) -> Given:
    """Let the mock partner hand a record over; what it says of recipients rests on the one directive."""
    given = given_over(lab, **terms)
    listed = [{**entry, "directives": [given.directive]} for entry in recipients]
    say(lab, given.transfer, "custodyState", {"state": "completed", "recipients": listed})
    return given


def told(lab: Lab, partner: str, kind: str, seen: int, subject: str) -> dict[str, Any]:
    """Wait for an event of a kind and subject that the target pushes to a mock; return its content."""

    def look() -> dict[str, Any] | None:
        events = lab.mock(partner).events[seen:]
        about = (event for event in events if event.claims["sub_id"]["id"] == subject)
        return next((content for event in about if (content := event.of(kind))), None)

    found: dict[str, Any] = expect.eventually(look, within=lab.config.event_seconds, what=f"an event {kind}")
    return found
