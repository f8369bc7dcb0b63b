"""Commands whose answers come from partners: a node in memory, and answers out of the standard's examples."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import mpex_spec
import pytest
from mpex_client.cli import app
from mpex_client.testing import FakeNode
from typer.testing import CliRunner

from tests.client.test_client_cli import write_profile

Said = Callable[..., str]


def example(name: str) -> Any:
    return json.loads((mpex_spec.root() / "examples" / f"{name}.json").read_text(encoding="utf-8"))


RECEIVED, ASKED, QUESTION = (
    example(name)
    for name in ("received-release.max", "partner-release-request-status.max", "onward-request.max")
)
MATCH, OFFER = example("match.max"), example("onward.max")
RELEASE, REQUEST = RECEIVED["receivedReleaseId"], ASKED["partnerReleaseRequestId"]


@pytest.fixture
def sent() -> list[tuple[str, str, Any]]:
    """What was sent: method, path and body."""
    return []


@pytest.fixture
def said(tmp_path: Path, sent: list[tuple[str, str, Any]]) -> Said:
    """Runs `mpex` with the answer that the node gives to everything but tokens; returns what is printed."""
    node = FakeNode()
    profile = write_profile(tmp_path, node, node.identity())

    def run(*arguments: str, answer: Any, status: int = 200, code: int = 0) -> str:
        def reply(request: httpx2.Request) -> httpx2.Response:
            if not request.url.path.startswith("/v1/"):
                return node.transport.handle_request(request)
            body = json.loads(request.content) if request.content else None
            sent.append((request.method, request.url.path, body))
            return httpx2.Response(status, json=answer)

        transport = httpx2.MockTransport(reply)
        result = CliRunner().invoke(app, ["--profile", str(profile), *arguments], obj=transport)
        assert result.exit_code == code, result.output
        return result.stdout

    return run


def test_a_release_is_shown_with_its_conditions_and_values(said: Said) -> None:
    shown = said("received", "show", RELEASE, answer=RECEIVED)
    assert f"{RELEASE}  active" in shown
    assert "  passing on: none\n" in shown
    assert '  physical: {"heightCm": {"min": 158, "max": 168}}\n' in shown
    assert "salt" not in shown


def test_a_breach_and_what_was_passed_on_are_told(said: Said, sent: list[tuple[str, str, Any]]) -> None:
    learnt = "2026-11-20T10:00:00Z"
    told = said("received", "report-breach", RELEASE, "breach", "--learnt", learnt, answer=RECEIVED)
    assert told.startswith(f"Reported: {RELEASE}")
    body = {"kind": "breach", "learntAt": learnt}
    assert sent[-1] == ("POST", f"/v1/received-releases/{RELEASE}/breaches", body)
    offers = said("received", "passed-on", RELEASE, answer={"items": [OFFER]})
    assert f"{OFFER['onwardId']}  {OFFER['state']}  {OFFER['partner']}" in offers
    assert said("received", "passed-on", RELEASE, answer={"items": []}) == "It was offered to nobody.\n"


def test_a_partner_is_asked_replied_to_and_collected_from(
    said: Said, sent: list[tuple[str, str, Any]]
) -> None:
    search, partner, reference = ASKED["partnerSearch"], ASKED["partner"], "r" * 40
    terms = ("partner-requests", "ask", search, partner, reference, "--reason", "It fits.")
    said(*terms, answer=ASKED, code=2)
    assert REQUEST in said(*terms, "--category", "names", answer=ASKED, status=201)
    body = {"partnerSearch": search, "partner": partner, "hitReference": reference, "reason": "It fits."}
    assert sent[-1] == ("POST", "/v1/partner-release-requests", body | {"categories": ["names"]})
    asks = ASKED | {"status": ASKED["status"] | {"state": "needMore", "question": "Which hand?"}}
    assert "  asked: Which hand?\n" in said("partner-requests", "show", REQUEST, answer=asks)
    said("partner-requests", "reply", REQUEST, "The left one.", answer=ASKED, status=202)
    assert sent[-1][1:] == (f"/v1/partner-release-requests/{REQUEST}/replies", {"reply": "The left one."})
    assert RELEASE in said("partner-requests", "collect", REQUEST, answer=RECEIVED, status=201)


def test_a_question_of_a_recipient_is_listed_and_decided(
    said: Said, sent: list[tuple[str, str, Any]]
) -> None:
    assert QUESTION["recipient"] in said("onward-requests", "list", answer={"items": [QUESTION]})
    assert said("onward-requests", "list", answer={"items": []}) == "No questions.\n"
    name = QUESTION["onwardRequestId"]
    assert name in said("onward-requests", "decide", name, "refuse", answer=QUESTION)
    assert sent[-1][1:] == (f"/v1/onward-requests/{name}/decision", {"decision": "refuse"})


def test_a_record_and_a_release_are_told_apart(said: Said, sent: list[tuple[str, str, Any]]) -> None:
    sides = ("person:" + "a" * 26, RELEASE)
    decided = ("matches", "decide", *sides, "notSame")
    said(*decided, "--evidence", "birth", answer=MATCH, code=2)
    assert MATCH["matchId"] in said(*decided, "--evidence", "birth=contradicts", answer=MATCH, status=201)
    assert sent[-1][2] == {
        "subjects": [{"record": sides[0]}, {"receivedRelease": RELEASE}],
        "decision": "notSame",
        "evidence": [{"category": "birth", "agreement": "contradicts"}],
    }
    assert said("matches", "list", answer={"items": []}) == "No matches.\n"


def test_every_change_of_a_record_is_told(said: Said) -> None:
    changes = example("change-list.max")
    told = said("persons", "changes", "person:" + "a" * 26, answer=changes).splitlines()
    assert len(told) == len(changes["items"])
    assert told[0].endswith(changes["items"][0]["reason"])


def test_partners_are_asked_for_each_member_under_a_reference_of_its_own(
    said: Said, sent: list[tuple[str, str, Any]]
) -> None:
    found, member = example("group-search-result.max"), example("group-member.min")
    names = [result["member"] for result in found["results"]]
    registered = {name: value for name, value in member.items() if name != "mention"}
    registered |= {"record": "person:" + "a" * 26, "state": "registered"}
    items = [registered | {"memberId": name, "row": str(row)} for row, name in enumerate(names)]
    node = "node:" + "a" * 26
    # One answer for both calls: the list of members, and what came of the search.
    told = said("groups", "search", found["group"], "--partner", node, answer={"items": items} | found)
    assert "row 0: has a record; node:yj2jdc7rh5ssentz4rbzcdx3qh: possibleHit" in told
    assert "row 1: has a record; not searched: noRecord\n" in told
    method, path, body = sent[-1]
    assert (method, path) == ("POST", f"/v1/groups/{found['group']}/searches")
    assert [each["member"] for each in body["members"]] == names
    assert len({each["caseReference"] for each in body["members"]}) == len(names)
    assert (body["partners"], body["releaseSet"]) == ([node], "existence")
