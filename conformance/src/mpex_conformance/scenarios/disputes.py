"""Disputes: what is contested stays in use and bears a mark, for as long as it is contested."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import Need, check
from mpex_conformance.wire import jose
from mpex_conformance.wire.exchange import Answer

_CONTESTED = {"openedBy": "enquirer", "reason": "Her sister says otherwise."}
_NEEDS: tuple[Need, ...] = ("partner.one", "mock")


def _contested(lab: Lab) -> str:
    """Put the mark on a record that partner one holds, and return the record."""
    known = scenes.known(lab)
    scenes.released(lab, scenes.hit(lab, known))
    _put(lab, known.record, dict(_CONTESTED, since=samples.instant()))
    return known.record


def _put(lab: Lab, record: str, dispute: dict[str, Any] | None) -> None:
    expect.status(_try(lab, record, dispute, changeCode="disputeRejected"), 200)


def _try(lab: Lab, record: str, dispute: dict[str, Any] | None, **others: Any) -> Answer:
    officer = lab.staff_for("persons:write")
    read = expect.status(officer.call("getPerson", recordId=record), 200)
    body = {name: value for name, value in read.json.items() if name != "dispute"}
    body |= ({"dispute": dispute} if dispute else {}) | others
    headers: dict[str, str | None] = {"If-Match": read.headers.get("etag")}
    return officer.call("replacePerson", body, headers=headers, recordId=record)


def _heard(lab: Lab, seen: int, kind: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        told = (event.of(kind) for event in lab.mock("one").events[seen:])
        return next((content for content in told if content is not None), None)

    return expect.eventually(look, within=lab.config.event_seconds, what=f"an event of the type {kind}")


@check("case-027", requirements=["CASE-027"])
def disputes_are_tasks(lab: Lab) -> None:
    """Whatever is contested waits for somebody to decide, and no longer."""
    record = scenes.known(lab).record
    for dispute in (dict(_CONTESTED, since=samples.instant()), None):
        _put(lab, record, dispute)
        waits = (task for task in scenes.tasks(lab) if (task["kind"], task["subject"]) == ("dispute", record))
        expect.that(any(waits) is (dispute is not None), "a task does not follow the mark of a dispute")


@check("case-028", requirements=["CASE-028"])
def disputes_are_decided(lab: Lab) -> None:
    """A dispute ends, or gives way to another, with a code that says what was decided, and not without."""
    record = scenes.known(lab).record
    expect.status(_try(lab, record, dict(_CONTESTED, since=samples.instant())), 200)
    another = dict(_CONTESTED, openedBy="person", since=samples.instant())
    for instead in (None, another):
        refused = _try(lab, record, instead)
        expect.problem(refused, 422, "ruleViolation", why="nobody says what came of the dispute")
    for instead in (another, None):
        _put(lab, record, instead)


@check("case-023", requirements=["CASE-023"], needs=_NEEDS)
def marks_travel(lab: Lab) -> None:
    """A record that is contested is recalled as disputed, without a word on why."""
    seen = len(lab.mock("one").events)
    _contested(lab)
    notice = _heard(lab, seen, "recall")
    expect.that(notice.get("cause") == "disputed", "the recall bears another notice")
    expect.that("sister" not in str(notice), "the recall tells why the record is contested")


@check("case-030", requirements=["CASE-030"], needs=["partner.one"])
def marks_are_stated(lab: Lab) -> None:
    """A release that is collected says whether the record is contested, and not why."""
    known = scenes.known(lab)
    request = scenes.requested(lab, scenes.hit(lab, known))
    scenes.decide(lab, request)
    for dispute in (None, dict(_CONTESTED, since=samples.instant())):
        if dispute is not None:
            _put(lab, known.record, dispute)
        told = jose.claims(str(expect.status(scenes.collect(lab, request), 200).at("statement")))
        expect.that(
            told.get("disputed", False) is (dispute is not None),
            "a release does not bear the mark of a dispute",
        )
        expect.that("sister" not in str(told), "the release tells why the record is contested")


@check("case-031", requirements=["CASE-031"], needs=["partner.one", "mock"])
def stated_marks_are_kept(lab: Lab) -> None:
    """Data that are collected while they are contested bear the mark."""
    for disputed in (False, True):
        received = scenes.received(lab, disputed=disputed)
        shown = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
        expect.that(
            shown.json.get("disputed", False) is disputed, "a mark that the statement bears is not kept"
        )


@check("case-024", requirements=["CASE-024"], needs=_NEEDS)
def ends_are_told(lab: Lab) -> None:
    """Whoever holds data hears that they are contested no more."""
    seen = len(lab.mock("one").events)
    _put(lab, _contested(lab), None)
    _heard(lab, seen, "disputeEnded")


@check("case-025", requirements=["CASE-025"], needs=_NEEDS)
def marks_come_off(lab: Lab) -> None:
    """The mark of a dispute goes when the dispute does."""
    received, _ = scenes.recalled(lab, "disputed")
    shown = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    expect.that(shown.json.get("disputed") is True, "control: disputed data bear no mark")
    ended = {"urn:mpex:event:disputeEnded": {"at": samples.instant()}}
    token = lab.mock("one").event_token(str(shown.at("release")), ended, sequence=2)
    expect.status(lab.partner("one").call("receiveEvent", token), 202)
    after = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    expect.that("disputed" not in after.json, "the mark of a dispute stays when the dispute has ended")


@check("recl-021", requirements=["RECL-021"], needs=("partner.one", "partner.two", "mock"))
def marks_of_others_stay(lab: Lab) -> None:
    """A node in between takes off its own mark and not that of the origin."""
    one, two = lab.mock("one"), lab.mock("two")
    received = scenes.second_hand(lab)
    for partner in ("one", "two"):
        _, token = scenes.recall_of(lab, lab.mock(partner), received, "disputed")
        expect.status(lab.partner(partner).call("receiveEvent", token), 202)
    release = str(
        expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200).at("release")
    )
    ended = {"urn:mpex:event:disputeEnded": {"at": samples.instant()}}
    for partner, mock, left in (("two", two, True), ("one", one, False)):
        token = mock.event_token(release, ended, sequence=2)
        expect.status(lab.partner(partner).call("receiveEvent", token), 202)
        shown = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200).json
        expect.that(
            shown.get("disputed", False) is left, "the mark of a dispute does not follow whoever set it"
        )
