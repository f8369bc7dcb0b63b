"""Scenes that several checks begin with: a record that partners may learn of, a hit on it, its release."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from mpex_conformance import expect, samples
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import CheckFailedError, UntestableError
from mpex_conformance.partner.node import MockNode
from mpex_conformance.wire import sealing
from mpex_conformance.wire.exchange import Answer

ASSERTS_DEATH = ("deaths:assert",)
PURPOSE = "searchLiving"
_SOON_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Known:
    """A record of the target under one directive, and the name that finds it."""

    name: str
    record: str
    directive: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A possible hit of a partner on a known record."""

    known: Known
    reference: str
    case: str
    partner: str


@dataclass(frozen=True, slots=True)
class Request:
    """A release request of a partner."""

    hit: Hit
    id: str


def soon() -> str:
    """Return an end that a check can wait for, and that a slow node reaches no sooner than its answer."""
    return samples.instant(timedelta(seconds=_SOON_SECONDS))


def gone_in_time(lab: Lab, gone: Callable[[], bool], what: str) -> None:
    """Expect that something with an end of `soon` is there before it, and gone after it."""
    expect.that(not gone(), f"{what} is not there before its end")
    expect.eventually(
        lambda: gone() or None, within=_SOON_SECONDS + lab.config.event_seconds, what=f"the end of {what}"
    )


def fictitious_name() -> str:
    """Return a name of two invented words."""
    return f"{samples.word()} {samples.word()}"


def directive(lab: Lab, grants: list[dict[str, Any]], authority: str = "enquirer", **members: Any) -> str:
    """Register a directive and return its identifier."""
    return str(lab.create("createDirective", samples.directive(grants, authority, **members))["directiveId"])


def known(
    lab: Lab,
    grants: list[dict[str, Any]] | None = None,
    *,
    kind: str = "soughtPerson",
    authority: str = "enquirer",
    name: str | None = None,
    **members: Any,
) -> Known:
    """Register a person under a directive; by default one that permits `searchLiving` to everybody."""
    name = name or fictitious_name()
    permitted = [samples.grant([PURPOSE])] if grants is None else grants
    basis = directive(lab, permitted, authority, **members)
    content = samples.sections(name)
    record = lab.create("createPerson", samples.person([samples.contribution(content, basis)], kind))
    return Known(name, str(record["recordId"]), basis)


def another_account(lab: Lab, known: Known, basis: str) -> str:
    """Add an account under another directive that says the same of a person; return its identifier."""
    record = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    entry = samples.contribution(samples.sections(known.name), basis)
    body = {**record.json, "contributions": [*record.at("contributions"), entry]}
    headers: dict[str, str | None] = {"If-Match": record.headers.get("etag", "")}
    changed = expect.status(lab.staff("replacePerson", body, recordId=known.record, headers=headers), 200)
    return str(changed.at("contributions", -1, "contributionId"))


def search(
    lab: Lab,
    name: str,
    *,
    partner: str = "one",
    release_set: str = "summary",
    purpose: str = PURPOSE,
    **others: Any,
) -> Answer:
    """Search by name as a partner and return the answer, which is 200."""
    body = samples.search(samples.query(name), purpose, release_set, **others)
    return expect.status(lab.partner(partner).call("createSearch", body, purpose=purpose), 200)


def finds(lab: Lab, name: str, **others: Any) -> bool:
    """Return whether a partner's search for ``name`` gives a possible hit."""
    return bool(search(lab, name, **others).at("outcome") == "possibleHit")


def hit(
    lab: Lab, subject: Known | None = None, *, partner: str = "one", release_set: str = "identity"
) -> Hit:
    """Return a possible hit of ``partner`` on ``subject``, or on a new record."""
    subject = subject or known(lab)
    case = samples.case_reference()
    answer = search(lab, subject.name, partner=partner, release_set=release_set, caseReference=case)
    if answer.at("outcome") != "possibleHit":
        raise CheckFailedError(
            "a record that its directive permits was not found by name, birth, sex and nationality"
        )
    return Hit(subject, str(answer.at("hits", 0, "reference")), case, partner)


def release_request(found: Hit, **changes: Any) -> dict[str, Any]:
    """Return the body of a release request on ``found``."""
    right = {
        "hitReference": found.reference,
        "caseReference": found.case,
        "purpose": PURPOSE,
        "legalBasis": "vitalInterest",
        "releaseSet": "identity",
        "reason": "Conformance run with synthetic records",
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def requested(lab: Lab, found: Hit | None = None) -> Request:
    """Ask for a release on ``found``, or on a new hit."""
    found = found or hit(lab)
    answer = lab.partner(found.partner).call("createReleaseRequest", release_request(found))
    return Request(found, str(expect.status(answer, 202).at("releaseRequestId")))


def decide(lab: Lab, request: Request, **decision: Any) -> Answer:
    """Decide on a release request as the target's release officer."""
    body = {"decision": "approve", **decision}
    return expect.status(lab.staff("decideReleaseCase", body, releaseRequestId=request.id), 200)


def collect(lab: Lab, request: Request) -> Answer:
    """Try to collect the release as the partner that asked for it, and open it."""
    return collected(lab, request.hit.partner, request.id)


def collected(lab: Lab, partner: str, request: str, purpose: str = PURPOSE) -> Answer:
    """Collect as a partner; the answer bears what was sealed to that partner, once it is opened."""
    answer = lab.partner(partner).call("collectRelease", purpose=purpose, releaseRequestId=request)
    return unsealed(lab, partner, answer, "release", purpose)


def unsealed(lab: Lab, partner: str, answer: Answer, what: str, purpose: str) -> Answer:
    """Return an answer with what was sealed to a partner, a `release` or a `transfer`, once it is opened."""
    if answer.status != 200:
        return answer
    identity = lab.partner(partner).identity
    if identity.encryption_key is None:
        raise UntestableError(f"[partner.{partner}] has no encryption_key to open with")
    terms = {"iss": lab.node_id, "aud": identity.node_id, "purpose": purpose}
    content = sealing.unseal(answer.json, identity.encryption_key, terms, what)
    expect.that(content is not None, f"the {what} is not sealed to the partner for this purpose")
    return replace(answer, body=content or b"")


def released(lab: Lab, found: Hit | None = None) -> tuple[Request, Answer]:
    """Return an approved request and the release collected on it."""
    request = requested(lab, found)
    decide(lab, request)
    return request, expect.status(collect(lab, request), 200)


def withdraw(lab: Lab, directive_id: str, **body: Any) -> Answer:
    """Withdraw a directive as staff."""
    return expect.status(lab.staff("withdrawDirective", body, directiveId=directive_id), 201)


def staff_hits(lab: Lab, name: str, purpose: str = PURPOSE, **others: Any) -> Answer:
    """Search by name as the target's own staff."""
    body = samples.search(samples.query(name), purpose, "identity", **others)
    return expect.status(lab.staff("createSearch", body, purpose=purpose), 200)


def tasks(lab: Lab, also: tuple[str, ...] = ("identifications:read",)) -> list[dict[str, Any]]:
    """Return every task that staff see who may know of deaths, or who may do something else."""
    found: list[dict[str, Any]] = []
    query, actor = {"limit": "100"}, lab.staff_for(*also)
    while True:
        page = expect.status(actor.call("listTasks", query=query, also=also), 200)
        found += page.at("items")
        cursor = page.json.get("nextCursor")
        if not cursor:
            return found
        query = {"limit": "100", "cursor": cursor}


def silent_hit(lab: Lab, partner: str = "one") -> tuple[Known, str, str]:
    """Let a partner search for a living person; return the record, the search and the task it opened."""
    permit = [samples.grant([PURPOSE])]
    living = known(lab, permit, kind="foundAlive", authority="self", dataSubject="livingPerson")
    answer = search(lab, living.name, partner=partner)
    task = expect.eventually(
        lambda: next((item for item in tasks(lab) if item["subject"] == living.record), None),
        within=lab.config.event_seconds,
        what="a task for a silent hit",
    )
    return living, str(answer.at("searchId")), str(task["taskId"])


def asked_partner(lab: Lab, sought: Known, node_id: str) -> Answer:
    """Let the target's staff search for a record at a partner."""
    body = {
        "person": sought.record,
        "purpose": PURPOSE,
        "legalBasis": "vitalInterest",
        "caseReference": samples.case_reference(),
        "releaseSet": "identity",
        "partners": [node_id],
    }
    return expect.status(lab.staff("createPartnerSearch", body), 201)


def received(lab: Lab, partner: str = "one", **conditions: Any) -> str:
    """Let the target's staff fetch a release of a mock partner; return the received release."""
    return fetched(lab, requested_at_mock(lab, partner, **conditions))


def second_hand(lab: Lab) -> str:
    """Let the target collect from partner two what is of partner one."""
    one, two = lab.mock("one"), lab.mock("two")
    origin = {"custodian": one.node_id, "release": samples.identifier("release")}
    return received(lab, "two", origin={**origin, "chain": [one.node_id, two.node_id]}, custodian=one)


def requested_at_mock(lab: Lab, partner: str = "one", **conditions: Any) -> str:
    """Let the target's staff ask a mock partner for a release; return the partner release request."""
    mock = lab.mock(partner)
    asked = asked_partner(lab, known(lab), mock.node_id)
    expect.that(
        asked.at("results", 0, "state") == "answered", "the target could not search at the mock partner"
    )
    mock.release = mock.made_release(str(asked.at("caseReference")), **conditions)
    ask = {
        "partnerSearch": asked.at("partnerSearchId"),
        "partner": mock.node_id,
        "hitReference": asked.at("results", 0, "result", "hits", 0, "reference"),
        "releaseSet": "identity",
        "reason": "Conformance run with synthetic records",
    }
    request = expect.status(lab.staff("createPartnerReleaseRequest", ask), 201)
    return str(request.at("partnerReleaseRequestId"))


def fetched(lab: Lab, request: str) -> str:
    """Let the target's staff collect what the mock partner released; return the received release."""
    answer = lab.staff("collectPartnerRelease", partnerReleaseRequestId=request)
    return str(expect.status(answer, 201).at("receivedReleaseId"))


def recall_of(
    lab: Lab, mock: MockNode, received: str, cause: str = "withdrawn", notice: Any = None, **changes: Any
) -> tuple[str, str]:
    """Return identifier and event token of a mock partner's recall of what the target received.

    `cause` is the notice that partners see, and `notice` adds members to the event.
    """
    release = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200).at("release")
    recall = samples.identifier("recall")
    told = {"recallId": recall, "cause": cause, "purposes": [], "dueAt": samples.instant(), **(notice or {})}
    events = {"urn:mpex:event:recall": told}
    return recall, mock.event_token(str(release), events, **changes)


def recalled(
    lab: Lab, cause: str, notice: Any = None, received_release: str | None = None
) -> tuple[str, dict[str, Any]]:
    """Let a mock partner recall what the target received; return the release and the receipt for it."""
    mock = lab.mock("one")
    identifier = received_release or received(lab)
    seen = len(mock.events)
    recall, token = recall_of(lab, mock, identifier, cause, notice)
    expect.status(lab.partner("one").call("receiveEvent", token), 202)

    def receipt() -> dict[str, Any] | None:
        told = (event.of("receipt") or {} for event in mock.events[seen:])
        return next((content for content in told if content.get("recallId") == recall), None)

    found = expect.eventually(receipt, within=lab.config.event_seconds, what="a receipt for a recall")
    return identifier, found
