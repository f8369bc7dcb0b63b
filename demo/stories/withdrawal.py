"""What a father told went to one node and on to another; he takes it back, and both are called back."""

from datetime import timedelta
from typing import Any

from mpex_client import Client
from mpex_client.errors import ProblemError

from demo import documents as d
from demo.narrate import answered, asked, because, expect, plain, step
from demo.nodes import Plan
from demo.stage import Stage, until
from demo.story import Story

_PURPOSE = "identifyDeceased"
_SCAR = {"kind": "scar", "bodyLocation": "forearm", "side": "left", "observed": True}
_SECTIONS = {
    "names": d.name("Fictio Retirado Inventado"),
    "summary": {"sex": "male", "age": {"min": 33, "max": 34, "asOf": "2026-10"}},
    "physical": {"heightCm": {"min": 180, "max": 182}, "marks": [_SCAR]},
}


def one_a_father_tells(stage: Stage) -> None:
    """A father tells node A what he knows; whoever wants to pass it on has to ask."""
    with step(1, "A father tells node A what he knows of his son; who passes it on must ask"):
        grant = d.permit([_PURPOSE], ["summary", "searchDetail"], ("humanitarian", "forensic"), onward="ask")
        with stage["A"].client("registrar", _PURPOSE) as client:
            given = d.directive({"authority": "enquirer", "relationship": "father"}, "enquirer", grant)
            directive = client.directives.create(given)["directiveId"]
            told = d.contribution("enquirer-1", directive, "family", _SECTIONS)
            record = client.persons.create(d.person("soughtPerson", stage["A"].plan.name, "XA", told))
            request = client.search_requests.create(d.search_request(record["recordId"], directive, "father"))
        stage.ids |= {"directive": directive, "request": request["requestId"]}
        answered("node A", "keeps it under his directive: to identify the dead, onward only after asking")


def two_released(stage: Stage) -> None:
    """B asks, A's officer approves, B collects."""
    with step(2, "Node B, a tracing service, asks; node A's officer releases the description"):
        stage.ids["held by B"] = _obtain(stage)
        answered("node A", "releases to B, signed, with its conditions")


def three_passed_on(stage: Stage) -> None:
    """B wants to pass it on to the laboratory of C; a person at A decides on that."""
    with step(3, "Node B wants to pass it on to node C, a forensic institute; node A is asked"):
        with stage["B"].client("releaseOfficer", _PURPOSE) as client:
            client.received_releases.pass_on(stage.ids["held by B"], {"partner": stage["C"].node_id})
        asked("node B", "node A whether it may pass the description on to node C")
        with stage["A"].client("releaseOfficer", _PURPOSE) as officer:
            question = until("the question at A", lambda: list(officer.onward_requests.list()))[0]
            officer.onward_requests.decide(question["onwardRequestId"], "approve")
        answered("node A", "yes, after a look at who C is and what the father allowed")
        with stage["C"].client("caseWorker", _PURPOSE) as client:
            offer = until("the offer at C", lambda: _offers(client))[0]
            received = client.partner_release_requests.collect(offer["subject"])
        stage.ids["held by C"] = received["receivedReleaseId"]
        expect(
            received["origin"]["chain"] == [stage["A"].node_id, stage["B"].node_id],
            "the release names its origin and each node that it has passed (ONW-002)",
        )
        answered("node C", "holds it under the father's conditions, with the way that it came")


def four_a_law(stage: Stage) -> None:
    """C's law compels it to keep what an examination rests on."""
    with step(4, "Node C examines; its law compels it to keep what an examination rests on"):
        review = (stage.clock.now() + timedelta(days=300)).date().isoformat()
        with stage["C"].client("releaseOfficer", _PURPOSE) as client:
            client.received_releases.retain(
                stage.ids["held by C"], {"reason": "forensicRecord", "reviewDate": review}
            )
        answered("node C", f"declares so for this release, and looks at it again on {review}")


def five_he_takes_it_back(stage: Stage) -> None:
    """The recall reaches both, by two ways; each says what it did and signs that."""
    with step(5, "The father takes it back; both nodes are told, and say what they did"):
        stage.let_pass(days=2)
        with stage["A"].client("registrar", _PURPOSE) as client:
            client.directives.withdraw(stage.ids["directive"])
            asked("father", "node A that nothing of what he told is used any more")

            def answers() -> dict[str, str] | None:
                rows = [row for recall in client.recalls.list() for row in recall["recipients"]]
                done = {
                    row["partner"]: row["outcome"]
                    for row in rows
                    if row["kind"] == "release" and "outcome" in row
                }
                return done if len(done) == len(stage.nodes) - 1 else None

            done = until("both receipts", answers)
        expect(done[stage["B"].node_id] == "erased", "what has no other basis is erased (RECL-003)")
        expect(done[stage["C"].node_id] == "retainedByLaw", "a law is named, with a review (RECL-016)")
        for letter in ("B", "C"):
            answered(f"node {letter}", f"{plain('receiptOutcomes', [done[stage[letter].node_id]])}, signed")
            _unreadable(stage, letter)
        because("a receipt is a statement, not a proof; the father is told that, too")


def six_he_can_see(stage: Stage) -> None:
    """He sees who had what, and the next who asks hears nothing."""
    with step(6, "He can see who had what; and the next who asks hears nothing"):
        with stage["A"].client("caseWorker", _PURPOSE) as client:
            report = client.search_requests.access_report(stage.ids["request"])
        for entry in report["entries"]:
            kind, state = (
                plain("disclosureKinds", [entry["kind"]]),
                plain("disclosureStates", [entry["state"]]),
            )
            answered("report", f"{entry['recipient']}: {kind}, {state}")
        named = {entry["recipient"] for entry in report["entries"]}
        expect({stage["B"].plan.name, stage["C"].plan.name} <= named, "every recipient is named (CASE-003)")
        search = _ask(stage)
        expect(
            search["results"][0]["result"]["outcome"] == "noHit", "nothing is permitted any more (CONS-002)"
        )
        answered("node A", "no hit, to whoever asks now")


def _offers(client: Client) -> list[Any]:
    return [task for task in client.tasks.list() if task["kind"] == "releaseOffered"]


def _ask(stage: Stage) -> Any:
    asked("node B", "node A about a body in its care")
    with stage["B"].client("caseWorker", _PURPOSE, "publicInterest") as client:
        body = d.partner_search(stage.ids["body"], _PURPOSE, "CASE-B-9", "summary", stage["A"].node_id)
        return client.partner_searches.create(body | {"legalBasis": "publicInterest"})


def _obtain(stage: Stage) -> str:
    with stage["B"].client("registrar", _PURPOSE, "publicInterest") as client:
        grant = d.permit([_PURPOSE], ["summary", "searchDetail"], ("humanitarian", "forensic"))
        directive = client.directives.create(d.directive({"authority": "institution"}, "remains", grant))
        told = d.contribution("service-b", directive["directiveId"], "examination", _SECTIONS)
        unit = {"condition": "complete", "minimumIndividuals": 1, "commingled": False}
        body = d.person("remainsUnit", stage["B"].plan.name, "XB", told) | unit
        stage.ids["body"] = client.remains.create(body | {"legalBasis": "publicInterest"})["recordId"]
    search = _ask(stage)
    hit = search["results"][0]["result"]["hits"][0]
    with stage["B"].client("caseWorker", _PURPOSE) as client:
        request = client.partner_release_requests.create(
            {
                "partnerSearch": search["partnerSearchId"],
                "partner": stage["A"].node_id,
                "hitReference": hit["reference"],
                "categories": ["physical", "summary"],
                "reason": "Height and scar as on the body.",
            }
        )
        with stage["A"].client("releaseOfficer", _PURPOSE) as officer:
            waiting = next(iter(officer.release_cases.list(state="pending")))
            officer.release_cases.decide(waiting["releaseRequestId"], {"decision": "approve"})
        received = client.partner_release_requests.collect(request["partnerReleaseRequestId"])
    return str(received["receivedReleaseId"])


def _unreadable(stage: Stage, letter: str) -> None:
    with stage[letter].client("caseWorker", _PURPOSE) as client:
        try:
            left = client.received_releases.get(stage.ids[f"held by {letter}"])
        except ProblemError:
            return
    expect("disclosures" not in left, "what was called back is shown to nobody (RECL-003, RECL-016)")


STORY = Story(
    "withdrawal",
    "A father takes back what he told",
    (
        Plan("A", "Example National Society", "humanitarian", "XA", (_PURPOSE,)),
        Plan("B", "Example Tracing Service", "humanitarian", "XB", (_PURPOSE,)),
        Plan("C", "Example Forensic Institute", "forensic", "XC", (_PURPOSE,)),
    ),
    (
        one_a_father_tells,
        two_released,
        three_passed_on,
        four_a_law,
        five_he_takes_it_back,
        six_he_can_see,
    ),
)
