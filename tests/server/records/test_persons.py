"""Person records: what is stored, what the server sets, what it refuses."""

import httpx2
import pytest
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction

from tests.server.records import samples
from tests.server.world import START, Identity, World

PERSONS = "/v1/persons"


def test_a_record_comes_back_as_it_was_given_with_what_the_server_sets(world: World) -> None:
    given = samples.person()
    created = world.call("registrar", "POST", PERSONS, given)
    assert created.status_code == 201, created.text
    record = created.json()
    assert created.headers["location"] == f"{PERSONS}/{record['recordId']}"
    assert record["version"] == 1
    assert record["custodian"] == world.node.settings.node_id
    assert record["createdAt"] == record["updatedAt"] == "2026-11-21T10:00:00Z"
    assert record["contributions"][0].pop("contributionId").startswith("contribution:")
    server_set = ("recordId", "version", "custodian", "createdAt", "updatedAt")
    assert {name: value for name, value in record.items() if name not in server_set} == given
    read = world.call("registrar", "GET", created.headers["location"])
    assert read.status_code == 200
    assert read.json()["contributions"][0]["contributionId"].startswith("contribution:")
    assert read.headers["etag"] == created.headers["etag"]


def test_unknown_members_are_kept_for_the_own_staff(world: World) -> None:
    extra = samples.contribution(shoeSize=41, sections={"names": {"names": [{"text": "X", "tone": "low"}]}})
    body = samples.person(localNote={"shelf": [1, None]}, contributions=[extra])
    record = world.call("registrar", "POST", PERSONS, body).json()
    assert record["localNote"] == {"shelf": [1, None]}
    assert record["contributions"][0]["shoeSize"] == 41
    assert record["contributions"][0]["sections"]["names"]["names"][0]["tone"] == "low"


def test_a_client_may_mint_the_identifier_once(world: World) -> None:
    record_id = new_id("person")
    first = world.call("registrar", "POST", PERSONS, samples.person(recordId=record_id))
    assert first.json()["recordId"] == record_id
    second = world.call("registrar", "POST", PERSONS, samples.person(recordId=record_id))
    assert second.status_code == 409
    assert second.json()["type"] == "urn:mpex:problem:alreadyExists"
    assert samples.pointers(second) == ["/recordId"]


def test_an_erased_identifier_is_gone_for_readers_and_taken_for_writers(world: World) -> None:
    record_id = new_id("person")
    world.call("registrar", "POST", PERSONS, samples.person(recordId=record_id))
    with transaction(world.node.engine) as conn:
        Documents(conn, world.node.keys, world.clock).erase(record_id)
    assert world.call("registrar", "GET", f"{PERSONS}/{record_id}").status_code == 404
    assert world.call("registrar", "GET", PERSONS).json()["items"] == []
    again = world.call("registrar", "POST", PERSONS, samples.person(recordId=record_id))
    assert again.status_code == 409


def test_a_replayed_creation_makes_no_second_record(world: World) -> None:
    first = world.call("registrar", "POST", PERSONS, samples.person(), key="a-key-of-the-tests-1")
    again = world.call("registrar", "POST", PERSONS, samples.person(), key="a-key-of-the-tests-1")
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert len(world.call("registrar", "GET", PERSONS).json()["items"]) == 1


def test_members_that_only_the_server_sets_are_ignored(world: World) -> None:
    lies = {"version": 7, "custodian": new_id("node"), "createdAt": "2001-01-01T00:00:00Z"}
    record = world.call("registrar", "POST", PERSONS, samples.person(**lies)).json()
    assert record["version"] == 1
    assert record["custodian"] == world.node.settings.node_id
    assert record["createdAt"] == "2026-11-21T10:00:00Z"


def test_a_replacement_is_the_next_version_and_keeps_the_one_before(world: World) -> None:
    created = world.call("registrar", "POST", PERSONS, samples.person())
    path, record = created.headers["location"], created.json()
    record["status"] = "located"
    record["changeReason"] = "A clerk mistyped."
    changed = world.call("registrar", "PUT", path, record, match=created.headers["etag"])
    assert changed.status_code == 200, changed.text
    assert changed.json()["version"] == 2
    assert changed.json()["recordId"] == record["recordId"]
    assert changed.json()["contributions"] == record["contributions"]
    assert changed.headers["etag"] != created.headers["etag"]
    with transaction(world.node.engine) as conn:
        documents = Documents(conn, world.node.keys, world.clock)
        before = documents.earlier.body(record["recordId"], 1)
        history = documents.earlier.history(record["recordId"])
    assert before is not None
    assert before["status"] == "open"
    # The reason is personal data: it is sealed in the body, the row names a code.
    assert history == [(1, "unstated", world.identities["registrar"].client_id, "2026-11-21T10:00:00Z")]


def test_a_change_needs_the_tag_of_the_current_version(world: World) -> None:
    created = world.call("registrar", "POST", PERSONS, samples.person())
    path = created.headers["location"]
    assert world.call("registrar", "PUT", path, samples.person()).status_code == 428
    assert world.call("registrar", "PUT", path, samples.person(), match='"stale"').status_code == 412
    assert world.call("registrar", "GET", path).json()["version"] == 1


def test_type_and_identifier_do_not_change(world: World) -> None:
    created = world.call("registrar", "POST", PERSONS, samples.person())
    path, tag = created.headers["location"], created.headers["etag"]
    typed = world.call("registrar", "PUT", path, samples.person(type="foundAlive"), match=tag)
    assert (typed.status_code, samples.pointers(typed)) == (422, ["/type"])
    moved = world.call("registrar", "PUT", path, samples.person(recordId=new_id("person")), match=tag)
    assert (moved.status_code, samples.pointers(moved)) == (422, ["/recordId"])


def test_a_directive_of_a_contribution_must_exist(world: World) -> None:
    body = samples.person(
        contributions=[samples.contribution(), samples.contribution(directive=new_id("directive"))]
    )
    refused = world.call("registrar", "POST", PERSONS, body)
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:mpex:problem:ruleViolation"
    assert samples.pointers(refused) == ["/contributions/1/directive"]
    assert world.call("registrar", "GET", PERSONS).json()["items"] == []


def test_an_incident_named_in_a_section_must_exist(world: World) -> None:
    sections = {"names": {"names": [{"text": "Testa Ficta"}]}, "incident": {"incident": new_id("incident")}}
    refused = world.call(
        "registrar", "POST", PERSONS, samples.person(contributions=[samples.contribution(sections=sections)])
    )
    assert (refused.status_code, samples.pointers(refused)) == (
        422,
        ["/contributions/0/sections/incident/incident"],
    )


def test_links_may_lead_to_other_nodes(world: World) -> None:
    links = [{"rel": "sameAs", "target": new_id("person")}]
    created = world.call("registrar", "POST", PERSONS, samples.person(links=links))
    assert created.json()["links"] == links


def test_two_contributions_do_not_share_an_identifier(world: World) -> None:
    twin = samples.contribution(contributionId=new_id("contribution"))
    refused = world.call("registrar", "POST", PERSONS, samples.person(contributions=[twin, twin]))
    assert refused.status_code == 422
    assert samples.pointers(refused) == ["/contributions/0/contributionId", "/contributions/1/contributionId"]


@pytest.mark.parametrize("change", [False, True], ids=["on creation", "on replacement"])
def test_asserting_a_death_needs_a_right_of_its_own(world: World, change: bool) -> None:
    fate = {"value": "deceased", "certaintyState": "confirmed", "assertedBy": "Invented Court No. 1"}
    created = world.call("registrar", "POST", PERSONS, samples.person())
    body = samples.person(fate=fate)
    if change:
        tag = created.headers["etag"]
        refused = world.call("registrar", "PUT", created.headers["location"], body, match=tag)
    else:
        refused = world.call("registrar", "POST", PERSONS, body)
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:mpex:problem:actionNotAllowed"
    assert samples.pointers(refused) == ["/fate"]


def test_listings_go_on_where_they_stopped(world: World) -> None:
    made = [world.call("registrar", "POST", PERSONS, samples.person()).json()["recordId"] for _ in range(5)]
    seen: list[str] = []
    path = f"{PERSONS}?limit=2"
    for size in (2, 2, 1):
        page = world.call("registrar", "GET", path).json()
        assert len(page["items"]) == size
        seen += [item["recordId"] for item in page["items"]]
        path = f"{PERSONS}?limit=2&cursor={page.get('nextCursor')}"
    assert "nextCursor" not in page
    assert sorted(seen) == sorted(made)


def test_a_cursor_serves_the_client_that_received_it_only(world: World) -> None:
    for _ in range(2):
        world.call("registrar", "POST", PERSONS, samples.person())
    cursor = world.call("registrar", "GET", f"{PERSONS}?limit=1").json()["nextCursor"]
    stolen = world.call("caseWorker", "GET", f"{PERSONS}?limit=1&cursor={cursor}")
    assert (stolen.status_code, stolen.json()["type"]) == (400, "urn:mpex:problem:invalidCursor")


def test_each_use_leaves_one_entry_in_the_log(world: World) -> None:
    created = world.call("registrar", "POST", PERSONS, samples.person())
    world.call("registrar", "GET", created.headers["location"])
    world.call("registrar", "GET", PERSONS)
    tag = created.headers["etag"]
    world.call("registrar", "PUT", created.headers["location"], samples.person(), match=tag)
    assert samples.events(world) == ["write", "read", "read", "write"]


def test_a_death_is_identified_before_a_record_says_it(world: World) -> None:
    both = Identity(new_id("client"))
    world.identities["both"] = both
    with transaction(world.node.engine) as conn:
        clients.register_staff(
            conn, both.client_id, roles=("registrar", "releaseOfficer"), jwks=both.jwks, at=instant(START)
        )
    actions = ["persons:read", "persons:write", "deaths:assert"]
    fate = {"value": "deceased", "certaintyState": "confirmed", "assertedBy": "Invented Court No. 1"}
    created = world.call("registrar", "POST", PERSONS, samples.person())
    path, record_id = created.headers["location"], created.json()["recordId"]

    def change() -> httpx2.Response:
        tag = world.call("both", "GET", path, actions=actions).headers["etag"]
        return world.call("both", "PUT", path, samples.person(fate=fate), match=tag, actions=actions)

    early = change()
    assert (early.status_code, samples.pointers(early)) == (422, ["/fate"])
    decided = samples.identification(persons=[record_id], state="confirmed")
    identified = samples.made(world, "releaseOfficer", "/v1/identifications", decided)
    assert (change().status_code, samples.pointers(change())) == (422, ["/fate"])
    told = f"/v1/identifications/{identified['identificationId']}/notification"
    samples.made(world, "releaseOfficer", told, samples.notification())
    late = change()
    assert (late.status_code, late.json()["fate"]) == (200, fate)
    # Whoever lacks the right may still correct the rest of the record.
    kept = late.json() | {"status": "closed"}
    tag = world.call("registrar", "GET", path).headers["etag"]
    assert world.call("registrar", "PUT", path, kept, match=tag).status_code == 200
