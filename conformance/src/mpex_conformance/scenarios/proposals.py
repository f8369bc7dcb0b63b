"""Proposals: what a recipient of a release lets the custodian know, and what the custodian does with it."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import Need, check
from mpex_conformance.wire import jose
from mpex_conformance.wire.exchange import Answer

_NEEDS: tuple[Need, ...] = ("partner.one", "mock")
_KNOWS = ("identifications:read",)
_SAID = {"changeProposalId", "release", "kind", "contribution", "releaseRequestId", "categories"}
_SAID |= {"caseReference"}


def _told(lab: Lab, kind: str, proposal: str) -> dict[str, Any]:
    mock = lab.mock("one")

    def look() -> dict[str, Any] | None:
        told = (event.of(kind) or {} for event in mock.events)
        return next((entry for entry in told if entry.get("changeProposalId") == proposal), None)

    return expect.eventually(look, within=lab.config.event_seconds, what=f"an event of the type {kind}")


def _propose(lab: Lab, received: str, known: scenes.Known) -> Answer:
    body = {
        "kind": "addition",
        "record": known.record,
        "categories": ["names"],
        "legalBasis": "vitalInterest",
    }
    return lab.staff("createChangeProposal", body, receivedReleaseId=received)


def _asked(lab: Lab, release: str | None = None, **account: Any) -> tuple[str, str]:
    """Let partner one propose to add to a record that the target released; return proposal and record.

    `account` replaces members of what it says.
    """
    record = ""
    if release is None:
        request, answer = scenes.released(lab)
        record, release = request.hit.known.record, str(jose.claims(str(answer.at("statement")))["jti"])
    name, case = samples.identifier("changeProposal"), samples.case_reference()
    mock = lab.mock("one")
    mock.release = mock.made_release(case, account=account)
    told = {"changeProposalId": name, "release": release, "kind": "addition", "categories": ["names"]}
    told |= {"releaseRequestId": samples.identifier("releaseRequest"), "caseReference": case}
    token = mock.event_token(name, {"urn:mpex:event:changeProposed": told})
    expect.status(lab.partner("one").call("receiveEvent", token), 202)
    return name, record


def _tasks(lab: Lab, proposal: str) -> list[Any]:
    return [task for task in scenes.tasks(lab, also=_KNOWS) if task["subject"] == proposal]


def _collected(lab: Lab, proposal: str) -> str:
    shown = expect.status(lab.staff("getChangeProposal", changeProposalId=proposal), 200)
    return scenes.fetched(lab, str(shown.at("partnerReleaseRequest")))


def _accepted(lab: Lab) -> tuple[str, str, str]:
    """Collect and accept what partner one proposes; return proposal, record and received release."""
    proposal, record = _asked(lab)
    received = _collected(lab, proposal)
    answer = lab.staff("answerChangeProposal", {"answer": "accept"}, changeProposalId=proposal)
    expect.status(answer, 200)
    return proposal, record, received


def _of_partner(lab: Lab, record: str) -> list[dict[str, Any]]:
    shown = expect.status(lab.staff("getPerson", recordId=record), 200)
    one = lab.mock("one").node_id
    return [entry for entry in shown.at("contributions") if entry["contributor"] == one]


@check("prop-001", requirements=["PROP-001"], needs=_NEEDS)
def recalled_releases_propose_nothing(lab: Lab) -> None:
    """What was called back is no ground to propose anything."""
    received, known = scenes.received(lab), scenes.known(lab)
    expect.status(_propose(lab, received, known), 201)
    scenes.recalled(lab, "withdrawn", received_release=received)
    expect.problem(_propose(lab, received, known), 409, why="the release was called back")


@check("prop-002", requirements=["PROP-002"], needs=_NEEDS)
def proposals_hold_no_data(lab: Lab) -> None:
    """The event names what is proposed, and the data wait to be collected."""
    made = expect.status(_propose(lab, scenes.received(lab), scenes.known(lab)), 201)
    told = _told(lab, "changeProposed", str(made.at("changeProposalId")))
    expect.that(set(told) <= _SAID, "the proposal tells more than where it can be collected")


@check("prop-003", requirements=["PROP-003"], needs=(*_NEEDS, "partner.two"))
def only_the_custodian_collects(lab: Lab) -> None:
    """The custodian collects while consent lasts, and nobody else ever does."""
    known = scenes.known(lab)
    made = expect.status(_propose(lab, scenes.received(lab), known), 201)
    request = str(made.at("releaseRequest"))
    expect.status(lab.partner("one").call("collectRelease", releaseRequestId=request), 200)
    other = lab.partner("two").call("collectRelease", releaseRequestId=request)
    expect.problem(other, 404, why="another partner collects what was proposed")
    scenes.withdraw(lab, known.directive)
    late = lab.partner("one").call("collectRelease", releaseRequestId=request)
    expect.problem(late, 404, why="the directive was withdrawn")


@check("prop-004", requirements=["PROP-004"], needs=_NEEDS)
def proposals_are_tasks(lab: Lab) -> None:
    """What a recipient of a release proposes waits for a person, and changes nothing by itself."""
    proposal, record = _asked(lab)
    expect.that(_tasks(lab, proposal), "nobody is asked to look at what a partner proposes")
    expect.that(not _of_partner(lab, record), "a partner changed a record")


@check("prop-005", requirements=["PROP-005"], needs=(*_NEEDS, "partner.two"))
def strangers_propose_in_vain(lab: Lab) -> None:
    """A proposal about what was never released to its sender is answered like any other, and forgotten."""
    _, of_another = scenes.released(lab, scenes.hit(lab, partner="two"))
    others = str(jose.claims(str(of_another.at("statement")))["jti"])
    for release in (samples.identifier("release"), others):
        proposal, _ = _asked(lab, release)
        unknown = lab.staff("getChangeProposal", changeProposalId=proposal)
        expect.problem(unknown, 404, why="the partner has no release")
        expect.that(not _tasks(lab, proposal), "a task was opened for a proposal about nothing")


@check("prop-006", requirements=["PROP-006"], needs=_NEEDS)
def accepted_under_its_name(lab: Lab) -> None:
    """What was accepted stands in the record as the partner's, and nobody else is given it."""
    _, record, _ = _accepted(lab)
    entries = _of_partner(lab, record)
    expect.that(entries, "what was accepted is in no contribution of the partner")
    expect.that(all("directive" not in entry for entry in entries), "it is under a directive of this node")


@check("prop-011", requirements=["PROP-011"], needs=_NEEDS)
def changed_proposals_wait(lab: Lab) -> None:
    """What a partner says otherwise by now waits for a person again; what it says as before does not."""
    proposal, record, _ = _accepted(lab)
    (entry,) = _of_partner(lab, record)
    mock, name = lab.mock("one"), scenes.fictitious_name()
    first = mock.release or {}
    case = str(jose.claims(str(first["statement"]))["caseReference"])
    (account,) = first["disclosures"]["names"]["values"]
    for value, stays in ((account["value"], True), ({"names": [{"text": name}]}, False)):
        mock.release = mock.made_release(case, account={**account, "value": value})
        _collected(lab, proposal)
        left = [other["sections"] for other in _of_partner(lab, record)]
        expect.that((left == [entry["sections"]]) is stays, "the record says what nobody accepted, or not")
    expect.absent(lab.staff("getPerson", recordId=record), [name], "what nobody accepted")
    expect.that(_tasks(lab, proposal), "nobody is asked to look at what the partner says by now")
    again = lab.staff("answerChangeProposal", {"answer": "accept"}, changeProposalId=proposal)
    expect.status(again, 200)
    expect.that(_of_partner(lab, record), "what was accepted again is in no contribution of the partner")


@check("prop-007", requirements=["PROP-007"], needs=_NEEDS)
def accepted_until_recalled(lab: Lab) -> None:
    """What was accepted leaves the record when its release is called back."""
    _, record, received = _accepted(lab)
    scenes.recalled(lab, "withdrawn", received_release=received)
    expect.that(not _of_partner(lab, record), "what was called back is still in the record")


@check("prop-008", requirements=["PROP-008"], needs=_NEEDS)
def decisions_are_told(lab: Lab) -> None:
    """Who proposed hears that it was accepted or declined, and not why."""
    accepted, _, _ = _accepted(lab)
    declined, _ = _asked(lab)
    body = {"answer": "decline", "reason": "known"}
    expect.status(lab.staff("answerChangeProposal", body, changeProposalId=declined), 200)
    for proposal, state in ((accepted, "accepted"), (declined, "declined")):
        told = _told(lab, "changeAnswered", proposal)
        expected = {"changeProposalId": proposal, "state": state}
        expect.that(told == expected, f"a proposal that was {state} is answered otherwise")


@check("prop-009", requirements=["PROP-009"], needs=_NEEDS)
def accepted_beside_the_rest(lab: Lab) -> None:
    """A proposal that bears the name of a contribution of the record takes nothing out of it."""
    request, answer = scenes.released(lab)
    record = request.hit.known.record
    before = expect.status(lab.staff("getPerson", recordId=record), 200).at("contributions")
    release = str(jose.claims(str(answer.at("statement")))["jti"])
    proposal, _ = _asked(lab, release, contributionId=before[0]["contributionId"])
    _collected(lab, proposal)
    expect.status(lab.staff("answerChangeProposal", {"answer": "accept"}, changeProposalId=proposal), 200)
    after = expect.status(lab.staff("getPerson", recordId=record), 200).at("contributions")
    expect.that(before[0] in after, "a partner replaced what the record had from others")


@check("prop-010", requirements=["PROP-010"], needs=_NEEDS)
def accepted_in_its_form(lab: Lab) -> None:
    """What does not follow the schema of the record comes into no record."""
    proposal, record = _asked(lab, value={"names": []})
    _collected(lab, proposal)
    answer = lab.staff("answerChangeProposal", {"answer": "accept"}, changeProposalId=proposal)
    expect.problem(answer, 409, "conflict", why="the record would not follow its schema")
    expect.that(not _of_partner(lab, record), "what follows no schema is in the record")


@check("prop-012", requirements=["PROP-012"], needs=_NEEDS)
def contradictions_are_shown(lab: Lab) -> None:
    """Staff see which account of the record has another name than what they collected, once accepted too."""
    request, answer = scenes.released(lab)
    shown = expect.status(lab.staff("getPerson", recordId=request.hit.known.record), 200)
    (own,) = shown.at("contributions")
    release = str(jose.claims(str(answer.at("statement")))["jti"])
    otherwise = {"names": [{"text": scenes.fictitious_name()}]}
    for value, differs in ((own["sections"]["names"], False), (otherwise, True)):
        proposal, _ = _asked(lab, release, value=value)
        _collected(lab, proposal)
        expect.that(_contradicted(lab, proposal, own) is differs, "the record is said to differ, or not to")
        accepted = lab.staff("answerChangeProposal", {"answer": "accept"}, changeProposalId=proposal)
        expect.status(accepted, 200)
        expect.that(_contradicted(lab, proposal, own) is differs, "it is not said any more once accepted")


def _contradicted(lab: Lab, proposal: str, account: dict[str, Any]) -> bool:
    shown = expect.status(lab.staff("getChangeProposal", changeProposalId=proposal), 200)
    listed = [entry for entry in shown.at("contradicts") if entry["category"] == "names"]
    return account["contributionId"] in [entry["contribution"] for entry in listed]
