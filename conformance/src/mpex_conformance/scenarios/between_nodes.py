"""Between nodes: assistance and messages go to those who may have them, are answered in turn, and end."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import CheckFailedError, UntestableError
from mpex_conformance.partner.node import Event, MockNode
from mpex_conformance.registry import check
from mpex_conformance.wire import jose

_MOST_ASKS = 1000
_PREFIX = "urn:mpex:event:"
_KNOWS = ("identifications:read",)
"""Who sees requests for assistance, too: one of them asks to tell a family of a death."""


def _asked(to: str, **members: Any) -> dict[str, Any]:
    return {
        "type": "visitFamily",
        "to": to,
        "purpose": scenes.PURPOSE,
        "legalBasis": "vitalInterest",
        "caseReference": samples.case_reference(),
        "text": f"Please visit {samples.word()}.",
        "language": "en",
        **members,
    }


def _written(to: str, **members: Any) -> dict[str, Any]:
    body = _asked(to, **members)
    return {name: value for name, value in body.items() if name not in ("type", "legalBasis")}


def _push(lab: Lab, mock: MockNode, kind: str, subject: str, event: dict[str, Any]) -> str:
    token = mock.event_token(subject, {_PREFIX + kind: event})
    name = next(name for name, known in lab.mocks.items() if known is mock)
    expect.status(lab.partner(name).call("receiveEvent", token), 202)
    return token


def _came(lab: Lab, **members: Any) -> str:
    """Let the mock partner ask for assistance; return the request's identifier."""
    mock, identifier = lab.mock("one"), samples.identifier("assistance")
    body = {name: value for name, value in _asked("", **members).items() if name not in ("to", "purpose")}
    _push(lab, mock, "assistanceRequest", identifier, {"assistanceId": identifier, **body})
    return identifier


def _message(lab: Lab, **members: Any) -> tuple[str, str, str]:
    """Let the mock partner write; return identifier, text and event."""
    mock, identifier = lab.mock("one"), samples.identifier("message")
    body = {name: value for name, value in _written("", **members).items() if name not in ("to", "purpose")}
    token = _push(lab, mock, "caseMessage", identifier, {"messageId": identifier, **body})
    return identifier, str(body["text"]), token


def _answer(lab: Lab, identifier: str, kind: str, **members: Any) -> Any:
    body = {"answer": kind, **members}
    return lab.staff("answerAssistanceRequest", body, assistanceId=identifier)


def _told(lab: Lab, kind: str, subject: str, seen: int) -> Event:
    def look() -> Event | None:
        fresh = lab.mock("one").events[seen:]
        return next((event for event in fresh if event.of(kind) and subject in str(event.claims)), None)

    return expect.eventually(look, within=lab.config.event_seconds, what=f"an event {kind}")


@check("msg-001", requirements=["MSG-001"], needs=["partner.one"])
def within_the_mandate(lab: Lab) -> None:
    """Nothing is sent to a partner for a purpose that the registry does not give it."""
    entry = lab.entry("one")
    beyond = next((name for name in lab.metadata["purposes"] if name not in entry["purposes"]), None)
    if beyond is None:
        raise UntestableError("the registry gives partner one every purpose of the node")
    for operation, make in (("createAssistanceRequest", _asked), ("createCaseMessage", _written)):
        lab.create(operation, make(entry["nodeId"]))
        refused = lab.staff(operation, make(entry["nodeId"], purpose=beyond), purpose=beyond)
        expect.problem(refused, 422, "ruleViolation", why="a purpose beyond the mandate")


@check("msg-002", requirements=["MSG-002"], needs=["partner.one", "mock"])
def tasks_open(lab: Lab) -> None:
    """What a partner asks or writes becomes a task."""
    arrived = {_came(lab), _message(lab)[0]}
    subjects = {task["subject"] for task in scenes.tasks(lab, also=_KNOWS)}
    expect.that(arrived <= subjects, "what a partner asked or wrote waits for nobody")


@check("msg-003", requirements=["MSG-003"], needs=["partner.one", "mock"])
def answers_are_told(lab: Lab) -> None:
    """The node that asked hears that its request was accepted, and what came of it."""
    mock = lab.mock("one")
    seen, identifier = len(mock.events), _came(lab)
    for kind, state in (("accept", "accepted"), ("complete", "completed")):
        expect.status(_answer(lab, identifier, kind), 200)
        told = _told(lab, "assistanceAnswer", identifier, seen).of("assistanceAnswer") or {}
        expect.that(told.get("state") == state, f"the node that asked hears {told.get('state')}, not {state}")
        seen = len(mock.events)


@check("msg-004", requirements=["MSG-004"], needs=["partner.one", "partner.two", "mock"])
def answers_of_others(lab: Lab) -> None:
    """An answer of a node that was not asked changes nothing; that of the one that was asked does."""
    asked = _asked(str(lab.entry("one")["nodeId"]))
    identifier = str(lab.create("createAssistanceRequest", asked)["assistanceId"])
    for partner, state in (("two", "declined"), ("one", "accepted")):
        event = {"assistanceId": identifier, "state": state}
        _push(lab, lab.mock(partner), "assistanceAnswer", identifier, event)
        read = expect.status(lab.staff("getAssistanceRequest", assistanceId=identifier), 200)
        expected = "sent" if partner == "two" else "accepted"
        expect.that(read.at("state") == expected, f"after an answer of partner {partner}: {read.at('state')}")


@check("msg-005", requirements=["MSG-005"], needs=["partner.one", "mock"])
def answers_in_turn(lab: Lab) -> None:
    """What was not accepted cannot be completed, and what was declined stays declined."""
    identifier = _came(lab)
    expect.problem(_answer(lab, identifier, "complete"), 409, "conflict", why="not accepted")
    expect.status(_answer(lab, identifier, "decline", reason="noCapacity"), 200)
    expect.problem(_answer(lab, identifier, "accept"), 409, "conflict", why="declined before")


def _cleared(lab: Lab) -> str:
    """Clear a contact with a person and return its identifier."""
    person = scenes.known(lab, kind="foundAlive").record
    return str(
        expect.status(lab.staff("clearPersonContact", {"channel": "phone"}, recordId=person), 201).at(
            "contactId"
        )
    )


@check("msg-011", requirements=["MSG-011"], needs=["partner.one", "mock"])
def messages_by_safe_contact(lab: Lab) -> None:
    """A message is relayed by a contact that was cleared since it came, and by nothing else."""
    identifier = _came(lab, type="relayMessage")
    expect.status(_answer(lab, identifier, "accept"), 200)
    for why, members in (("none", {}), ("an invented one", {"contact": samples.identifier("contact")})):
        refused = _answer(lab, identifier, "complete", **members)
        expect.problem(refused, 422, "ruleViolation", why=f"contact: {why}")
    expect.status(_answer(lab, identifier, "complete", contact=_cleared(lab)), 200)


@check("msg-012", requirements=["MSG-012"], needs=["partner.one", "mock"])
def contacts_stay_here(lab: Lab) -> None:
    """The node that asked hears that its message was relayed, and nothing of the contact."""
    identifier = _came(lab, type="relayMessage")
    expect.status(_answer(lab, identifier, "accept"), 200)
    _told(lab, "assistanceAnswer", identifier, 0)
    seen, contact = len(lab.mock("one").events), _cleared(lab)
    expect.status(_answer(lab, identifier, "complete", contact=contact), 200)
    told = _told(lab, "assistanceAnswer", identifier, seen)
    expect.that(contact not in str(told.claims), "the node that asked is told of the contact")


@check("msg-006", requirements=["MSG-006"], needs=["partner.one"])
def deaths_are_shown_to_notify(lab: Lab) -> None:
    """A request to tell of a death shows under the purpose notifyFamily and under no other."""
    entry = lab.entry("one")
    if "notifyFamily" not in entry["purposes"]:
        raise UntestableError("the registry does not let partner one notify families")
    body = _asked(str(entry["nodeId"]), type="notifyDeath", purpose="notifyFamily")
    made = expect.status(lab.staff("createAssistanceRequest", body, purpose="notifyFamily"), 201)
    identifier = str(made.at("assistanceId"))
    named = lab.staff("getAssistanceRequest", purpose="notifyFamily", assistanceId=identifier)
    expect.status(named, 200)
    expect.problem(lab.staff("getAssistanceRequest", assistanceId=identifier), 404, "notFound")
    listed = expect.status(lab.staff("listAssistanceRequests", query={"limit": "100"}), 200)
    expect.absent(listed, [identifier, "notifyDeath"], "a request to tell of a death")


@check("msg-007", requirements=["MSG-007"], needs=["partner.one", "mock"])
def translations_are_marked(lab: Lab) -> None:
    """A message keeps its own language, and its translation says who made it."""
    translation = {"language": "en", "text": samples.word(), "by": "machine", "translator": "translator 2"}
    identifier, text, _ = _message(lab, language="fr", translations=[translation])
    read = expect.status(lab.staff("getCaseMessage", messageId=identifier), 200)
    expect.that((read.at("language"), read.at("text")) == ("fr", text), "the original was changed")
    expect.that(read.at("translations") == [translation], "a translation was changed")


@check("msg-008", requirements=["MSG-008"], needs=["partner.one", "mock"])
def messages_are_signed(lab: Lab) -> None:
    """A received message can be shown with the signature of its sender."""
    identifier, text, token = _message(lab)
    read = expect.status(lab.staff("getCaseMessage", messageId=identifier), 200)
    expect.that(read.json.get("statement") == token, "the message lost the event that its sender signed")
    claims = jose.claims(str(read.at("statement")))
    expect.that(claims["events"][f"{_PREFIX}caseMessage"]["text"] == text, "the event is another message's")


@check("msg-009", requirements=["MSG-009"], needs=["partner.one", "mock"])
def messages_are_recalled(lab: Lab) -> None:
    """A message that its sender calls back is gone, and another stays."""
    mock = lab.mock("one")
    gone, kept = _message(lab)[0], _message(lab)[0]
    _push(lab, mock, "messageRecall", gone, {"messageId": gone})
    expect.problem(lab.staff("getCaseMessage", messageId=gone), 404, "notFound", why="recalled")
    expect.status(lab.staff("getCaseMessage", messageId=kept), 200)


@check("msg-010", requirements=["MSG-010"], needs=["partner.budget"])
def asks_are_counted(lab: Lab) -> None:
    """Messages beyond the published number get 429 and a time to wait; a recall is taken all the same."""
    limit = lab.limit("partnerAsksPerDay")
    if not 0 < limit <= _MOST_ASKS:
        raise UntestableError(f"a sandbox must publish at most {_MOST_ASKS} asks a day")
    actor, identifier = lab.partner("budget"), samples.identifier("message")
    sender = MockNode(actor.identity, "", lab.node_id)
    body = {name: value for name, value in _written("").items() if name not in ("to", "purpose")}
    written = {_PREFIX + "caseMessage": {"messageId": identifier, **body}}
    # The same message under other event names is kept once and counted each time.
    tokens = (sender.event_token(identifier, written, sequence=number) for number in range(1, limit + 2))
    answers = [actor.call("receiveEvent", token) for token in tokens]
    refused = next((answer for answer in answers if answer.status != 202), None)
    if refused is None:
        raise CheckFailedError("no message was refused")
    expect.problem(refused, 429, "quotaExceeded")
    expect.that(refused.headers.get("retry-after", "").isdigit(), "429 without Retry-After")
    recall = {_PREFIX + "messageRecall": {"messageId": identifier}}
    taken = actor.call("receiveEvent", sender.event_token(identifier, recall, sequence=limit + 2))
    expect.status(taken, 202, why="a message is called back")
