"""Accountability: an entry for every use, proofs that an outsider verifies, no personal data."""

import base64
import json
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.logbook import Checkpoint, checkpoint, consistent, entries, leaf_hash, logged
from mpex_conformance.logbook import root_from_inclusion as root_of
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer


@check("log-001", requirements=["LOG-001"], needs=["partner.one", "mock"])
def every_use(lab: Lab) -> None:
    """A search, a release, a refusal, a consent change and a recall each leave their own entry."""
    known = scenes.known(lab)
    case = samples.case_reference()
    search = scenes.search(lab, known.name, caseReference=case)
    request, release = scenes.released(lab, scenes.hit(lab, known))
    refused = scenes.requested(lab, scenes.hit(lab, known))
    decision = scenes.decide(lab, refused, decision="refuse", cause="notNecessary")
    withdrawal = scenes.withdraw(lab, known.directive)
    late = scenes.collect(lab, request)
    received = scenes.received(lab)
    _, token = scenes.recall_of(lab, lab.mock("one"), received)
    recall = expect.status(lab.partner("one").call("receiveEvent", token), 202)
    expect.that(
        expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200).at("state")
        in ("erased", "restricted"),
        "recalled data is still active",
    )
    uses: list[tuple[Answer, str | None]] = [
        (search, case),
        (release, None),
        (decision, None),
        (withdrawal, None),
        (late, None),
        (recall, None),
    ]
    found = logged(lab, uses)
    leaves = {entry["leaf"] for entry in found}
    expect.that(len(leaves) == len(uses), "two uses share one entry")


@check("log-002", requirements=["LOG-002"])
def proofs(lab: Lab) -> None:
    """Inclusion and consistency proofs lead to the signed roots, and only for what is in the log."""
    old = _grown(lab, 0)
    new = _grown(lab, old.size)
    written = entries(lab)
    for index in sorted({0, old.size // 2, new.size - 1}):
        _included(lab, written[index], index, new)
    query = {"from": str(old.size), "to": str(new.size)}
    answer = expect.status(lab.staff("getConsistencyProof", query=query), 200)
    expect.that(
        consistent(old, new, _hashes(answer)), "the consistency proof does not connect the checkpoints"
    )
    absent = {"leaf": samples.identifier("leaf"), "size": str(new.size)}
    expect.problem(lab.staff("getInclusionProof", query=absent), 404, why="a leaf that does not exist")


def _included(lab: Lab, entry: dict[str, Any], index: int, tree: Checkpoint) -> None:
    query = {"leaf": str(entry["leaf"]), "size": str(tree.size)}
    answer = expect.status(lab.staff("getInclusionProof", query=query), 200)
    expect.that(answer.at("index") == index, "the index of a leaf is not its place in the log")
    root = root_of(leaf_hash(entry), index, tree.size, _hashes(answer))
    expect.that(root == tree.root, "the inclusion proof does not lead to the signed root")


def _hashes(answer: Answer) -> list[bytes]:
    return [base64.b64decode(text) for text in answer.at("hashes")]


def _grown(lab: Lab, size: int) -> Checkpoint:
    scenes.directive(lab, [])

    def look() -> Checkpoint | None:
        found = checkpoint(lab) if lab.staff("getCheckpoint").status == 200 else None
        return found if found and found.size > size else None

    return expect.eventually(look, within=lab.config.event_seconds, what="a larger checkpoint", every=0.25)


@check("log-003", requirements=["LOG-003"])
def signed_notes(lab: Lab) -> None:
    """The checkpoint is a signed note with the origin and by the key of the metadata."""
    found = _grown(lab, 0)
    expect.that(found.size > 0 and len(found.root) == 32, "the checkpoint commits to nothing")


@check("log-006", requirements=["LOG-006"])
def readers_are_entered(lab: Lab) -> None:
    """Who lists the log, or takes the calendar of tasks, is in the log."""
    answers = [lab.staff("listLogEntries"), lab.staff("getTaskCalendar")]
    for answer in answers:
        expect.status(answer, 200)
    logged(lab, [(answer, None) for answer in answers])


@check("log-007", requirements=["LOG-007"])
def lists_end(lab: Lab) -> None:
    """A list of log entries that was begun before something happened does not tell of it."""
    logged(lab, [(lab.staff("getTaskCalendar"), None) for _ in range(2)])
    page = expect.status(lab.staff("listLogEntries", query={"limit": "1"}), 200)
    (later,) = logged(lab, [(lab.staff("getTaskCalendar"), None)])
    rest = entries(lab, str(page.at("nextCursor")))
    expect.that(rest, "control: the list has one page")
    expect.that(later not in rest, "a list that was begun before shows what was appended since")


@check("log-004", requirements=["LOG-004"], needs=["partner.one"])
def no_personal_data(lab: Lab) -> None:
    """No name, note or record identifier of a use is in the log."""
    known = scenes.known(lab)
    case = samples.case_reference()
    search = scenes.search(lab, known.name, caseReference=case)
    words = [known.name, *known.name.split(), known.record, known.record.partition(":")[2]]
    request, release = scenes.released(lab, scenes.hit(lab, known))
    logged(lab, [(search, case), (release, None)])
    text = json.dumps(entries(lab), ensure_ascii=False)
    for word in words:
        expect.that(word not in text, "the log shows a name or an identifier of a record")
    expect.that(request.hit.reference not in text, "the log shows a hit reference")
