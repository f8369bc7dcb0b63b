"""Searches at one node: what staff find, what partners are told, and what looks the same."""

from datetime import timedelta
from typing import Any

import pytest
from mpex_server.kit import jws
from mpex_server.kit.ids import new_id
from mpex_server.searches import statements
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.town import SECTIONS, made, permit, record, search
from tests.server.records import samples
from tests.server.world import World, partner_entry

PATH = "/v1/searches"
WRONG = {"date": "1951-01-01"}
Body = dict[str, Any]


def test_a_stranger_and_a_role_without_the_action_search_nothing(world: World) -> None:
    assert world.raw("POST", PATH, json=search()).status_code == 401
    refused = world.call("auditor", "POST", PATH, search())
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:mpex:problem:actionNotAllowed")


def test_staff_find_records_that_nobody_may_be_told_of(world: World) -> None:
    held = record(world)
    answer = made(world.call("caseWorker", "POST", PATH, search()), 200)
    assert answer["outcome"] == "possibleHit"
    (hit,) = answer["hits"]
    assert hit["record"] == held
    assert hit["band"] == "strong"
    assert {"category": "names", "agreement": "agrees"} in hit["evidence"]
    assert "score" not in hit


def test_staff_find_only_among_what_they_ask_for(world: World) -> None:
    record(world)
    answer = made(world.call("caseWorker", "POST", PATH, search(among=["remainsUnit"])), 200)
    assert (answer["outcome"], answer["hits"]) == ("noHit", [])


def test_a_pair_that_is_not_the_same_is_not_offered_again(world: World) -> None:
    sought, other = record(world), record(world, type="foundAlive")
    about = search(record=sought)
    hits = made(world.call("caseWorker", "POST", PATH, about), 200)["hits"]
    assert [hit["record"] for hit in hits] == [other]
    made(world.call("caseWorker", "POST", "/v1/matches", samples.match(sought, other, "notSame")))
    assert made(world.call("caseWorker", "POST", PATH, about), 200)["hits"] == []


def test_a_partner_is_told_of_a_record_by_reference_only(world: World) -> None:
    held = record(world, permit(world, sets=["identity"]))
    response = world.call("one", "POST", PATH, search())
    answer = made(response, 200)
    (hit,) = answer["hits"]
    assert set(hit) <= {"reference", "returnedSet", "band", "evidence", "summary"}
    assert hit["returnedSet"] == "identity"
    for value in ("Fictia", "Examplov", "2003-04-05", held):
        assert value not in response.text


def test_a_partner_is_told_less_than_it_asked_for_where_consent_says_less(world: World) -> None:
    record(world, permit(world, sets=["identity"]))
    (hit,) = made(world.call("one", "POST", PATH, search(releaseSet="searchDetail")), 200)["hits"]
    assert hit["returnedSet"] == "identity"


def test_a_record_is_found_only_by_what_the_partner_may_know_of_it(world: World) -> None:
    """SRCH-010: neither a hit nor a band says whether a withheld name or date fits."""
    record(world, permit(world, sets=["summary"]))
    query = search()["query"]
    wrong = {
        "names": {"names": [{"text": "Nobody Else Anywhere", "script": "Latn"}]},
        "birth": {"date": "1951"},
    }
    answers = [
        made(world.call("one", "POST", PATH, search(releaseSet=asked, query=described)), 200)
        for asked in ("existence", "summary", "identity")
        for described in (query, query | wrong)
    ]
    assert {(answer["outcome"], len(answer["hits"])) for answer in answers} == {("noHit", 0)}


def test_what_is_withheld_neither_raises_nor_lowers_the_band(world: World) -> None:
    sections = SECTIONS | {"summary": {"sex": "female"}}
    record(world, grant_of(world, ["existence", "summary", "names"]), sections)
    names = search()["query"]["names"]
    described = [{"names": names} | other for other in ({}, {"birth": SECTIONS["birth"]}, {"birth": WRONG})]
    hits = [made(world.call("one", "POST", PATH, search(query=query)), 200)["hits"][0] for query in described]
    assert {(hit["returnedSet"], hit["band"]) for hit in hits} == {("summary", hits[0]["band"])}


def test_a_living_person_is_asked_even_where_little_may_be_told(world: World) -> None:
    living = record(world, permit(world, sets=["summary"]), type="foundAlive")
    assert made(world.call("one", "POST", PATH, search()), 200)["outcome"] == "noHit"
    (task,) = made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    assert (task["kind"], task["subject"]) == ("silentHit", living)


def grant_of(world: World, categories: list[str]) -> str:
    """Register a directive that permits humanitarian partners the categories; return its id."""
    grant = {
        "effect": "permit",
        "purposes": ["searchLiving"],
        "categories": categories,
        "recipientClasses": ["humanitarian"],
    }
    body = samples.directive(grants=[grant])
    return str(made(world.call("registrar", "POST", "/v1/directives", body))["directiveId"])


def test_references_tell_nothing_by_their_length(world: World) -> None:
    shared = permit(world, sets=["searchDetail", "forensic"])
    record(world, shared)
    entry = samples.contribution(directive=shared, sections={"summary": SECTIONS["summary"]} | SECTIONS)
    made(world.call("registrar", "POST", "/v1/remains", samples.remains_unit(contributions=[entry])))
    hits = [
        hit
        for asked in ("existence", "searchDetail")
        for hit in made(world.call("one", "POST", PATH, search(releaseSet=asked)), 200)["hits"]
    ]
    assert len(hits) == 4
    assert len({len(hit["reference"]) for hit in hits}) == 1
    assert len({hit["reference"] for hit in hits}) == 4


def test_the_set_returned_is_never_larger_than_asked(world: World) -> None:
    record(world, permit(world, sets=["searchDetail"]))
    (hit,) = made(world.call("one", "POST", PATH, search(releaseSet="summary")), 200)["hits"]
    assert hit["returnedSet"] == "summary"
    assert {entry["category"] for entry in hit["evidence"]} <= {"existence", "summary"}


def test_a_hidden_contribution_is_no_way_to_find_a_record(world: World) -> None:
    """The names come from an enquirer who permits nothing; another permits, and says other things."""
    shared = permit(world, sets=["identity"])
    entries = [
        samples.contribution(sections=SECTIONS),
        samples.contribution(directive=shared, sections={"physical": {"heightCm": {"min": 150, "max": 152}}}),
    ]
    made(world.call("registrar", "POST", "/v1/persons", samples.person(contributions=entries)))
    assert made(world.call("one", "POST", PATH, search()), 200)["outcome"] == "noHit"
    assert made(world.call("caseWorker", "POST", PATH, search()), 200)["outcome"] == "possibleHit"


def test_a_token_for_some_categories_asks_for_no_others(world: World) -> None:
    record(world, permit(world, sets=["identity"]))
    asked = ["existence", "summary", "names", "birth"]
    refused = world.call("one", "POST", PATH, search(), categories=asked)
    assert samples.refusal(refused) == (403, "actionNotAllowed")
    told = world.call("one", "POST", PATH, search(releaseSet="summary"), categories=asked[:2])
    assert samples.refusal(told) == (403, "actionNotAllowed")
    found = world.call("one", "POST", PATH, search(releaseSet="summary"), categories=asked)
    assert made(found, 200)["hits"][0]["returnedSet"] == "summary"


@pytest.mark.parametrize(
    ("account", "outcome"),
    [
        ({"birth": {"date": "2012-04"}}, "noHit"),
        ({"birth": {"date": "2008"}}, "noHit"),
        ({"summary": {"age": {"min": 15, "max": 20, "asOf": "2026-01-01"}}}, "noHit"),
        ({"vulnerability": {"isMinor": True}}, "noHit"),
        ({"birth": {"date": "2003-04-05"}}, "possibleHit"),
        ({"summary": {"age": {"min": 20, "max": 24, "asOf": "2026-01-01"}}}, "possibleHit"),
    ],
)
def test_a_guardian_speaks_for_whoever_may_be_a_child(world: World, account: Body, outcome: str) -> None:
    """A child's own permit does not prevail over a guardian's denial, an adult's does."""
    own = permit(world, sets=["identity"], givenBy={"authority": "self"})
    denial = {"effect": "deny", "purposes": ["searchLiving"]}
    guardian = samples.directive(grants=[denial], givenBy={"authority": "guardian"})
    denied = made(world.call("registrar", "POST", "/v1/directives", guardian))["directiveId"]
    told = {"names": SECTIONS["names"], "physical": SECTIONS["physical"], "clothingEffects": {}} | account
    entries = [
        samples.contribution(directive=own, sections=told),
        samples.contribution(directive=denied, sections={"journey": {"route": "invented"}}),
    ]
    made(world.call("registrar", "POST", "/v1/persons", samples.person(contributions=entries)))
    query = {"names": SECTIONS["names"]}
    assert made(world.call("one", "POST", PATH, search(query=query)), 200)["outcome"] == outcome


def test_a_living_person_opens_a_task_once(world: World) -> None:
    living = record(world, permit(world, sets=["identity"]), type="unidentifiedLiving", nameUnknown=True)
    key, asked = "k" * 20, search()
    first = made(world.call("one", "POST", PATH, asked, key=key), 200)
    again = made(world.call("one", "POST", PATH, asked, key=key), 200)
    assert first["searchId"] == again["searchId"]
    (task,) = made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    assert task["kind"] == "silentHit"
    assert task["subject"] == living
    assert task["partner"] == world.identities["one"].client_id
    assert task["dueAt"] == "2026-11-23T10:00:00Z"


def test_no_task_is_opened_for_a_partner_that_could_never_be_told(world: World) -> None:
    record(world, type="foundAlive")
    made(world.call("one", "POST", PATH, search()), 200)
    assert made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"] == []


def test_the_answer_is_signed_over_outcome_asker_and_log(world: World) -> None:
    answer = made(world.call("one", "POST", PATH, search()), 200)
    one, node = world.identities["one"].client_id, world.node.settings.node_id
    jwks = world.node.keys.public_jwks()
    statements.check(answer["statement"], jwks, issuer=node, audience=one, answer=answer)
    claims = jws.parse(answer["statement"]).claims
    assert {"iss", "aud", "iat", "searchId", "outcome", "treeSize", "queryDigest"} == claims.keys()
    for changed in ({"outcome": "possibleHit"}, {"searchId": new_id("search")}):
        with pytest.raises(jws.JwsError):
            statements.check(answer["statement"], jwks, issuer=node, audience=one, answer=answer | changed)


@pytest.mark.parametrize(
    "purpose", ["immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]
)
def test_a_prohibited_purpose_is_refused_and_logged(world: World, purpose: str) -> None:
    refused = world.call("one", "POST", PATH, search(purpose=purpose))
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:mpex:problem:prohibitedPurpose")
    assert "refusal" in world.events()


def test_the_purpose_is_that_of_the_token(world: World) -> None:
    refused = world.call("one", "POST", PATH, search(purpose="identifyDeceased"))
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:mpex:problem:purposeNotAllowed")


def test_a_partner_has_a_daily_budget(world: World) -> None:
    object.__setattr__(world.node.settings, "partner_searches_per_day", 2)
    for _ in range(2):
        made(world.call("one", "POST", PATH, search()), 200)
    refused = world.call("one", "POST", PATH, search())
    assert refused.status_code == 429
    assert refused.json()["type"] == "urn:mpex:problem:quotaExceeded"
    assert refused.headers["retry-after"] == str(14 * 3600)
    made(world.call("two", "POST", PATH, search()), 200)
    made(world.call("caseWorker", "POST", PATH, search()), 200)
    world.clock.advance(timedelta(hours=14))
    made(world.call("one", "POST", PATH, search()), 200)


def test_a_partner_has_a_daily_budget_in_each_case(world: World) -> None:
    object.__setattr__(world.node.settings, "case_searches_per_day", 2)
    assert made(world.raw("GET", "/.well-known/mpex-node"), 200)["limits"]["caseSearchesPerDay"] == 2
    for _ in range(2):
        made(world.call("one", "POST", PATH, search()), 200)
    for again in (search(), search(query={"birth": {"date": "1990-01-01"}})):
        refused = world.call("one", "POST", PATH, again)
        assert samples.refusal(refused) == (429, "quotaExceeded")
        assert refused.headers["retry-after"] == str(14 * 3600)
    made(world.call("one", "POST", PATH, search(caseReference="case-2")), 200)
    made(world.call("two", "POST", PATH, search()), 200)
    made(world.call("caseWorker", "POST", PATH, search()), 200)
    with transaction(world.node.engine) as conn:
        assert not any("case-" in row.case_token for row in conn.execute(select(t.spent)))
    world.clock.advance(timedelta(hours=14))
    made(world.call("one", "POST", PATH, search()), 200)


def test_a_partner_may_not_name_a_record(world: World) -> None:
    refused = world.call("one", "POST", PATH, search(record=new_id("person")))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/record"])


def test_members_that_the_schema_does_not_name_are_refused(world: World) -> None:
    refused = world.call("one", "POST", PATH, search(extra=1))
    assert refused.status_code == 422


def test_every_search_leaves_one_entry_without_personal_data(world: World) -> None:
    record(world, permit(world, sets=["identity"]))
    before = len(world.leaves())
    made(world.call("one", "POST", PATH, search()), 200)
    (leaf,) = world.leaves()[before:]
    assert leaf["event"] == "search"
    assert leaf["actor"] == world.identities["one"].client_id
    assert len(leaf["candidates"]) == 43
    assert "Fictia" not in str(world.leaves())


def test_consular_authorities_of_the_country_are_told_nothing_of_the_living(world: World) -> None:
    entry = partner_entry(world.identities["two"], recipientClass="consular", nationalAuthorityOf="XX")
    world.register(entry)
    grant = {
        "effect": "permit",
        "purposes": ["searchLiving"],
        "releaseSets": ["identity"],
        "recipientClasses": ["consular", "humanitarian"],
    }
    directive = made(world.call("registrar", "POST", "/v1/directives", samples.directive(grants=[grant])))
    nationality = {"identity": {"nationalities": [{"country": "XX", "basis": "claimed"}]}}
    record(world, directive["directiveId"], SECTIONS | nationality)
    assert made(world.call("one", "POST", PATH, search()), 200)["outcome"] == "possibleHit"
    assert made(world.call("two", "POST", PATH, search()), 200)["outcome"] == "noHit"


def test_a_partner_names_its_search(world: World) -> None:
    asked = search()
    assert made(world.call("one", "POST", PATH, asked), 200)["searchId"] == asked["searchId"]
    del asked["searchId"]
    refused = world.call("one", "POST", PATH, asked)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/searchId"])
    assert made(world.call("caseWorker", "POST", PATH, asked), 200)["searchId"].startswith("search:")


def test_like_queries_of_a_partner_are_one_task(world: World) -> None:
    record(world, permit(world, sets=["identity"]), type="foundAlive")
    for _ in range(3):
        made(world.call("one", "POST", PATH, search()), 200)
    made(world.call("two", "POST", PATH, search()), 200)
    tasks = made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    # Both are due in the same second, so nothing says which comes first.
    assert sorted(task["partner"] for task in tasks) == sorted(
        world.identities[name].client_id for name in ("one", "two")
    )


def test_two_partners_may_give_their_searches_one_name(world: World) -> None:
    """What is kept for one partner is neither told to another nor in its way."""
    record(world, permit(world, sets=["identity"]), type="foundAlive")
    asked = search()
    one, two = (world.call(name, "POST", PATH, asked) for name in ("one", "two"))
    assert (one.status_code, two.status_code) == (200, 200)
    assert len(one.content) == len(two.content)
    assert len(made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]) == 2
