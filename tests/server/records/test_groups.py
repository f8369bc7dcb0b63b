"""Groups: sizes as told, members row by row, and mentions that each can be erased."""

from typing import Any

from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.records import samples
from tests.server.records.samples import Body, member
from tests.server.world import World


def boat(world: World, **members: Any) -> str:
    return str(samples.made(world, "registrar", "/v1/groups", samples.group(**members))["groupId"])


def listed(world: World, group: str, *rows: Body) -> list[Body]:
    answer = world.call("registrar", "POST", f"/v1/groups/{group}/members", {"members": list(rows)})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["outcomes"])


def kinds(outcomes: list[Body]) -> list[str]:
    return [outcome["outcome"] for outcome in outcomes]


def members(world: World, group: str) -> list[Body]:
    return list(world.call("caseWorker", "GET", f"/v1/groups/{group}/members").json()["items"])


def test_sizes_of_different_sources_stand_side_by_side(world: World) -> None:
    told = [
        {"min": 40, "max": 60, "source": "coTraveller", "certainty": "estimated"},
        {"min": 52, "max": 52, "source": "document", "certainty": "stated"},
    ]
    group = boat(world, sizes=told)
    assert world.call("registrar", "GET", f"/v1/groups/{group}").json()["sizes"] == told


def test_each_row_has_its_outcome_and_the_same_list_again_changes_nothing(world: World) -> None:
    group = boat(world)
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    registered = {"row": "4", "record": person, "source": "document", "certainty": "stated"}
    rows = [member("1"), member("2", sex="x", mention={}), member("1"), registered]
    rows.append(member("5", directive="directive:" + "a" * 26))
    first = listed(world, group, *rows)
    assert kinds(first) == ["created", "rejected", "rejected", "created", "rejected"]
    assert [outcome["errors"][0]["pointer"] for outcome in first if "errors" in outcome][1:] == [
        "/row",
        "/directive",
    ]
    assert kinds(listed(world, group, *rows)) == [
        "unchanged",
        "rejected",
        "rejected",
        "unchanged",
        "rejected",
    ]
    assert [entry["state"] for entry in sorted(members(world, group), key=lambda each: each["row"])] == [
        "mentioned",
        "registered",
    ]
    assert kinds(listed(world, group, member("1", "Testa Ficta Muestra"))) == ["updated"]


def test_pages_of_members_show_each_once(world: World) -> None:
    group = boat(world)
    listed(world, group, *(member(str(number)) for number in range(7)))
    seen, cursor = list[str](), ""
    while True:
        page = world.call("registrar", "GET", f"/v1/groups/{group}/members?limit=3{cursor}").json()
        seen += [entry["row"] for entry in page["items"]]
        if "nextCursor" not in page:
            break
        cursor = f"&cursor={page['nextCursor']}"
    assert sorted(seen) == [str(number) for number in range(7)]


def test_one_member_is_erased_for_good_and_the_others_stay(world: World) -> None:
    group = boat(world)
    one, _ = listed(world, group, member("1"), member("2"))
    path = f"/v1/groups/{group}/members/{one['memberId']}/erasure"
    assert world.call("registrar", "POST", path).status_code == 204
    assert [entry["row"] for entry in members(world, group)] == ["2"]
    assert kinds(listed(world, group, member("1"), member("2"))) == ["rejected", "unchanged"]
    assert world.call("registrar", "POST", path).status_code == 404
    with transaction(world.node.engine, write=False) as conn:
        row = t.document.c
        bodies = conn.execute(select(row.body).where(row.kind.in_(["groupMember", "groupMention"]))).all()
        keys = conn.execute(
            select(t.document_key.c.document_id).where(
                t.document_key.c.document_id.in_(
                    select(row.id).where(row.kind.in_(["groupMember", "groupMention"]))
                )
            )
        ).all()
    assert (len(bodies), len(keys)) == (4, 2)


def test_a_member_with_a_record_keeps_nothing_of_the_mention(world: World) -> None:
    group = boat(world)
    (outcome,) = listed(world, group, member("1"))
    first, other = (
        samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"] for _ in range(2)
    )
    path = f"/v1/groups/{group}/members/{outcome['memberId']}/promotion"
    promoted = world.call("registrar", "POST", path, {"record": first})
    assert (promoted.json()["record"], promoted.json()["state"]) == (first, "registered")
    assert "mention" not in promoted.json()
    assert samples.refusal(world.call("registrar", "POST", path, {"record": other})) == (409, "conflict")
    assert kinds(listed(world, group, member("1"))) == ["unchanged"]
    assert "mention" not in members(world, group)[0]


def test_a_mention_is_found_by_no_search(world: World) -> None:
    listed(world, boat(world), member("1", "Fictia Nowhereova"))
    query = {"names": {"names": [{"text": "Fictia Nowhereova"}]}}
    terms = {
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "c",
        "releaseSet": "identity",
    }
    found = world.call("caseWorker", "POST", "/v1/searches", terms | {"query": query})
    assert found.json()["outcome"] == "noHit"
