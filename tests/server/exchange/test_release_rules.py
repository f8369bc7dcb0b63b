"""How releases are decided beyond one yes or no: questions, two persons, published policies, what ceased."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mpex_server import office
from mpex_server.app import create_app
from mpex_server.peers import signatures
from mpex_server.received_releases.retention import erase_expired
from mpex_server.release_requests import proofs, statements
from mpex_server.settings import Settings
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.test_releases import CASES, PATH, ask, collect, decide, hit, requested
from tests.server.exchange.town import (
    RECEIVED,
    REQUESTS,
    SECTIONS,
    Town,
    made,
    node_id,
    partner_search,
    permit,
    record,
    released,
    sought,
)
from tests.server.records import samples
from tests.server.world import World, new_settings, open_world, partner_entry

Body = dict[str, Any]
POLICY = {
    "policy": "summariesOfRemains",
    "releaseSets": ["summary"],
    "recipientClasses": ["humanitarian"],
    "purposes": ["searchLiving", "identifyDeceased"],
}
OFFICE: Body = {"fourEyes": {"categories": ["names"]}, "automaticReleases": [POLICY]}


@pytest.fixture
def strict(tmp_path: Path, database_url: str) -> Iterator[World]:
    """A node in which names need two persons, and summaries of remains nobody."""
    file = tmp_path / "office.json"
    file.write_text(json.dumps(OFFICE), encoding="utf-8")
    world = open_world(new_settings(tmp_path, database_url).model_copy(update={"office_file": file}))
    yield world
    world.close()


def reply(
    world: World, request: Body, text: str = "The left hand.", partner: str = "one", **options: Any
) -> Any:
    path = f"{PATH}/{request['releaseRequestId']}/replies"
    return world.call(partner, "POST", path, {"reply": text}, **options)


def status(world: World, request: Body) -> Body:
    return made(world.call("one", "GET", f"{PATH}/{request['releaseRequestId']}"), 200)


def waiting(world: World) -> list[str]:
    return [task["kind"] for task in made(world.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"]]


@pytest.fixture
def held(world: World) -> str:
    return record(world, permit(world, sets=["identity"]))


@pytest.mark.usefixtures("held")
def test_a_question_is_answered_on_the_same_request(world: World) -> None:
    request = requested(world)
    assert reply(world, request).status_code == 409
    decide(world, request, "needMore", question="Which hand?")
    assert (status(world, request)["state"], waiting(world)) == ("needMore", [])
    world.advance(hours=72)
    assert status(world, request)["escalated"] is False
    again = made(reply(world, request, key="r" * 20), 202)
    assert (again["state"], again["dueAt"]) == ("pending", "2026-11-26T10:00:00Z")
    assert made(reply(world, request, key="r" * 20), 202) == again
    assert waiting(world) == ["releaseRequest"]
    case = made(world.call("releaseOfficer", "GET", f"{CASES}/{request['releaseRequestId']}"), 200)
    (asked,) = case["dialogue"]
    assert (asked["question"], asked["reply"]) == ("Which hand?", "The left hand.")
    assert "The left hand." not in json.dumps(world.leaves())
    assert decide(world, request, "approve")["state"] == "approved"
    assert waiting(world) == []


@pytest.mark.usefixtures("held")
def test_only_who_asked_replies(world: World) -> None:
    request = requested(world)
    decide(world, request, "needMore", question="Which hand?")
    path = f"{PATH}/{request['releaseRequestId']}/replies"
    assert world.raw("POST", path).status_code == 401
    assert samples.refusal(world.call("releaseOfficer", "POST", path, {})) == (403, "actionNotAllowed")
    assert samples.refusal(reply(world, request, partner="two")) == (404, "notFound")
    refused = reply(world, request, purpose="familyReunification")
    assert samples.refusal(refused) == (403, "purposeNotAllowed")


def test_staff_reply_through_their_own_node(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    record(beta, permit(beta, sets=["identity"]))
    found = partner_search(town, sought(town)[0])
    (match,) = found["results"][0]["result"]["hits"]
    body = {"partnerSearch": found["partnerSearchId"], "partner": node_id(town, "beta")}
    body |= {"hitReference": match["reference"], "releaseSet": "identity", "reason": "It fits."}
    request = made(alpha.call("caseWorker", "POST", REQUESTS, body))
    path = f"{REQUESTS}/{request['partnerReleaseRequestId']}"
    early = alpha.call("caseWorker", "POST", f"{path}/replies", {"reply": "The left hand."})
    assert samples.refusal(early) == (409, "conflict")
    decide(beta, request["status"], "needMore", question="Which hand?")
    asked = made(alpha.call("caseWorker", "GET", path), 200)["status"]
    assert (asked["state"], asked["question"]) == ("needMore", "Which hand?")
    town.down.add("beta")
    lost = alpha.call("caseWorker", "POST", f"{path}/replies", {"reply": "The left hand."})
    assert samples.refusal(lost) == (502, "partnerFailed")
    town.down.clear()
    answer = alpha.call("caseWorker", "POST", f"{path}/replies", {"reply": "The left hand."}, key="k" * 20)
    assert made(answer, 200)["status"]["state"] == "pending"
    again = alpha.call("caseWorker", "POST", f"{path}/replies", {"reply": "The left hand."}, key="k" * 20)
    assert made(again, 200) == answer.json()
    assert len(decide(beta, request["status"], "approve")["dialogue"]) == 1


def test_what_is_collected_anew_takes_the_place_of_the_old(town: Town) -> None:
    alpha = town.nodes["alpha"]
    old, _, _ = released(town)
    (listed,) = made(alpha.call("caseWorker", "GET", RECEIVED), 200)["items"]
    town.wait(days=28)
    (task,) = made(alpha.call("caseWorker", "GET", "/v1/tasks?kind=releaseEnds"), 200)["items"]
    assert (task["subject"], task["dueAt"]) == (old["receivedReleaseId"], "2026-12-18T10:00:00Z")
    with transaction(alpha.node.engine, write=False) as conn:
        kind = t.document.c.kind == "partnerReleaseRequest"
        request = conn.scalars(select(t.document.c.id).where(kind)).one()
    new = made(alpha.call("caseWorker", "POST", f"{REQUESTS}/{request}/collection"))
    assert (new["state"], new["validUntil"]) == ("active", "2027-01-18T10:00:00Z")
    path = f"/v1/received-releases/{listed['receivedReleaseId']}"
    gone = made(alpha.call("caseWorker", "GET", path), 200)
    assert gone["state"] == "erased"
    assert "disclosures" not in gone
    assert made(alpha.call("caseWorker", "GET", "/v1/tasks?kind=releaseEnds"), 200)["items"] == []
    town.wait(days=31)
    ended = made(alpha.call("caseWorker", "GET", f"/v1/received-releases/{new['receivedReleaseId']}"), 200)
    assert ended["state"] == "expired"
    assert "disclosures" not in ended


def test_two_persons_approve_what_is_grave(strict: World) -> None:
    record(strict, permit(strict, sets=["identity"]))
    request = requested(strict)
    case = decide(strict, request, "approve")
    assert (case["state"], case["firstApproval"]["by"]) == (
        "pending",
        strict.identities["releaseOfficer"].client_id,
    )
    assert (status(strict, request)["state"], waiting(strict)) == ("pending", ["releaseRequest"])
    assert collect(strict, request).status_code == 404
    path = f"{CASES}/{request['releaseRequestId']}/decision"
    alone = strict.call("releaseOfficer", "POST", path, {"decision": "approve"})
    assert samples.refusal(alone) == (409, "conflict")
    second = {"decision": "approveReduced", "categories": ["names", "existence"]}
    decided = made(strict.call("supervisor", "POST", path, second), 200)
    assert (decided["state"], decided["grantedCategories"]) == ("approvedReduced", ["existence", "names"])
    assert waiting(strict) == []
    assert list(made(collect(strict, request), 200)["disclosures"]) == ["existence", "names"]


def test_a_second_person_adds_nothing_to_what_the_first_approved(strict: World) -> None:
    record(strict, permit(strict, sets=["identity"]))
    request = requested(strict)
    decide(strict, request, "approveReduced", categories=["names"])
    path = f"{CASES}/{request['releaseRequestId']}/decision"
    decided = made(strict.call("supervisor", "POST", path, {"decision": "approve"}), 200)
    assert decided["grantedCategories"] == ["names"]


def test_one_person_suffices_for_the_rest_and_to_refuse(strict: World) -> None:
    record(strict, permit(strict, sets=["identity"]))
    request = requested(strict)
    assert decide(strict, request, "approveReduced", categories=["birth"])["state"] == "approvedReduced"
    other = requested(strict)
    decide(strict, other, "approve")
    assert decide(strict, other, "refuse", cause="safety")["state"] == "refused"


def test_a_policy_releases_remains_at_once_and_says_which(strict: World) -> None:
    remains(strict)
    request = made(strict.call("one", "POST", PATH, ask(hitReference=hit(strict), releaseSet="summary")), 202)
    assert (request["state"], waiting(strict)) == ("approved", [])
    (leaf,) = [leaf for leaf in strict.leaves() if leaf["event"] == "releaseRequest"]
    assert leaf["reason"] == "summariesOfRemains"
    case = made(strict.call("releaseOfficer", "GET", f"{CASES}/{request['releaseRequestId']}"), 200)
    assert case["policy"] == "summariesOfRemains"
    assert "decidedBy" not in case
    assert set(made(collect(strict, request), 200)["disclosures"]) == {"existence", "summary"}
    published = strict.raw("GET", "/.well-known/mpex-node").json()["office"]
    assert published["automaticReleases"] == [POLICY]


@pytest.mark.parametrize("why", ["minor", "age unknown", "beyond the policy", "another class", "no consent"])
def test_a_person_decides_what_no_policy_may(strict: World, why: str) -> None:
    if why == "another class":
        strict.register(partner_entry(strict.identities["one"], recipientClass="forensic"))
    ages = {"minor": {"age": {"min": 12, "max": 24, "asOf": "2026-01-01"}}, "age unknown": {}}
    categories = ["existence", "names"] + ([] if why == "no consent" else ["birth", "summary"])
    remains(strict, ages.get(why), categories, born=why != "age unknown")
    wanted = {"releaseSet": "identity" if why == "beyond the policy" else "summary"}
    request = made(strict.call("one", "POST", PATH, ask(hitReference=hit(strict), **wanted)), 202)
    assert (request["state"], waiting(strict)) == ("pending", ["releaseRequest"])


def test_nothing_of_a_person_is_released_by_a_policy(strict: World) -> None:
    record(strict, permit(strict, sets=["identity"]))
    request = requested(strict, releaseSet="summary")
    assert (request["state"], waiting(strict)) == ("pending", ["releaseRequest"])


@pytest.mark.parametrize("wrong", [{"categories": ["dna"]}, {"purposes": ["borderControl"]}])
def test_a_policy_that_may_not_be_stops_the_start(settings: Settings, tmp_path: Path, wrong: Body) -> None:
    file = tmp_path / "office.json"
    file.write_text(json.dumps({"automaticReleases": [POLICY | wrong]}), encoding="utf-8")
    with pytest.raises(office.OfficeFileError, match="summariesOfRemains"):
        create_app(settings.model_copy(update={"office_file": file}))


def test_what_ceased_to_be_permitted_shows_as_withdrawn(world: World, held: str) -> None:
    request = requested(world)
    decide(world, request, "approve")
    assert status(world, request)["state"] == "approved"
    current = world.call("registrar", "GET", f"/v1/persons/{held}")
    changed = current.json() | {"status": "restricted"}
    made(world.call("registrar", "PUT", f"/v1/persons/{held}", changed, match=current.headers["etag"]), 200)
    gone = status(world, request)
    assert gone["state"] == "withdrawn"
    assert "grantedCategories" not in gone
    assert collect(world, request).status_code == 404


GRANT: Body = {
    "effect": "permit",
    "purposes": ["searchLiving"],
    "recipientClasses": ["humanitarian", "forensic"],
}


def remains(
    world: World, age: Body | None = None, categories: list[str] | None = None, *, born: bool = True
) -> None:
    """Register remains with a name that finds them, of somebody born in 2003 unless said otherwise."""
    grant = GRANT | {"categories": categories or ["existence", "names", "birth", "summary"]}
    directive = made(world.call("registrar", "POST", "/v1/directives", samples.directive(grants=[grant])))
    adult = {"age": {"min": 20, "max": 24, "asOf": "2026-01-01"}}
    sections: Body = {
        "names": SECTIONS["names"],
        "summary": {"sex": "female"} | (adult if age is None else age),
    }
    sections |= {"birth": SECTIONS["birth"]} if born else {}
    entry = samples.contribution(sections=sections) | {"directive": directive["directiveId"]}
    made(world.call("registrar", "POST", "/v1/remains", samples.remains_unit(contributions=[entry])))


def test_data_go_when_they_must_be_deleted_however_long_the_release_is_valid(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign, sooner = signatures.sign, "2026-11-24T10:00:00Z"

    def deletes_sooner(keys: Any, typ: str, claims: Any) -> Any:
        if typ in {statements.TYPE, proofs.TYPE}:
            claims = claims | {"obligations": claims["obligations"] | {"deleteBy": sooner}}
        return sign(keys, typ, claims)

    with monkeypatch.context() as patch:
        patch.setattr(signatures, "sign", deletes_sooner)
        old, _, _ = released(town)
    alpha, path = town.nodes["alpha"], f"/v1/received-releases/{old['receivedReleaseId']}"
    assert "disclosures" in made(alpha.call("caseWorker", "GET", path), 200)
    town.wait(days=6)
    gone = made(alpha.call("caseWorker", "GET", path), 200)
    assert (gone["state"], "disclosures" in gone) == ("expired", False)
    assert erase_expired(alpha.node) == 1


def test_nothing_is_approved_where_nothing_is_held(world: World) -> None:
    """A record without `physical` under a directive that permits it (REL-016)."""
    told = {name: SECTIONS[name] for name in ("summary", "names", "birth")}
    record(world, permit(world, sets=["searchDetail"]), told)
    request = requested(world, releaseSet="searchDetail")
    case = made(world.call("releaseOfficer", "GET", f"{CASES}/{request['releaseRequestId']}"), 200)
    assert "physical" in case["permittedCategories"]
    assert case["heldCategories"] == ["birth", "existence", "names", "summary"]
    path = f"{CASES}/{request['releaseRequestId']}/decision"
    empty = {"decision": "approveReduced", "categories": ["physical"]}
    assert samples.refusal(world.call("releaseOfficer", "POST", path, empty)) == (409, "conflict")
    decide(world, request, "approveReduced", categories=["physical", "names"])
    assert set(made(collect(world, request), 200)["disclosures"]) == {"names"}
