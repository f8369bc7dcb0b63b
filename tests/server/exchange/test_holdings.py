"""Holdings: counted in bands once a day, fetched from partners, and reasons in a plan."""

import json
from pathlib import Path
from typing import Any

import pytest
from mpex_server import office
from mpex_server.holdings import service as holdings
from mpex_server.holdings.service import _banded
from mpex_server.kit.ids import new_id
from mpex_server.peers.wire import Answer
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import delete, insert, update

from tests.server.exchange.town import SEARCHES, SECTIONS, Town, made, node_id, permit, record
from tests.server.records import samples
from tests.server.world import World

Body = dict[str, Any]
_JOURNEY = {
    "route": "centralMediterranean",
    "points": [{"type": "transit", "place": {"country": "ZY"}}],
    "lastContact": {"date": "2025-12"},
}


@pytest.fixture
def town(town: Town) -> Town:
    """The town as it is before its nodes have asked one another what they hold."""
    for world in town.nodes.values():
        with transaction(world.node.engine) as conn:
            conn.execute(delete(t.holding))
    return town


def registered(world: World, number: int, type_: str = "soughtPerson", **columns: Any) -> list[str]:
    """Put rows of records into the database; the count reads nothing else of them."""
    kind = "remains" if type_ == "remainsUnit" else "person"
    row = {"kind": kind, "type": type_, "status": "open", "version": 1, "sealed": True, "body": b""}
    row |= {"content_mac": b"", "created_at": "2026-03-01T00:00:00Z", "updated_at": "2026-03-01T00:00:00Z"}
    ids = [new_id(kind) for _ in range(number)]
    with transaction(world.node.engine) as conn:
        conn.execute(insert(t.document), [row | columns | {"id": each} for each in ids])
    return ids


def published(world: World) -> Any:
    return world.raw("GET", "/.well-known/mpex-node").json().get("holdings")


def test_bands_begin_at_ten() -> None:
    numbers = [9, 10, 49, 50, 199, 200, 999, 1000, 10**6]
    bands = [entry["band"] for entry in _banded([("soughtPerson", 2026, number) for number in numbers])]
    steps = ("from10to49", "from50to199", "from200to999", "from1000")
    assert bands == [step for step in steps for _ in range(2)]


def test_holdings_count_who_is_sought_and_remains_alone(town: Town) -> None:
    world = town.nodes["alpha"]
    assert published(world) is None
    registered(world, 9)
    registered(world, 10, created_at="2025-12-31T23:59:59Z")
    registered(world, 60, "foundAlive")
    registered(world, 60, "unidentifiedLiving")
    registered(world, 5, "remainsUnit")
    unit, *others = registered(world, 12, "remainsUnit", created_at="2024-01-01T00:00:00Z")
    registered(world, 30, created_at="2023-01-01T00:00:00Z", erased_at="2026-01-01T00:00:00Z")
    assert holdings.count(world.node) == 1
    counts = [
        {"type": "remainsUnit", "year": 2024, "band": "from10to49"},
        {"type": "soughtPerson", "year": 2025, "band": "from10to49"},
    ]
    today = world.clock.now().date().isoformat()
    assert published(world) == {"asOf": today, "counts": counts}
    with transaction(world.node.engine) as conn:
        merged = [{"from_id": each, "rel": "mergedInto", "to_id": unit} for each in others[:3]]
        conn.execute(insert(t.document_link), merged)
    town.wait(days=1)
    holdings.count(world.node)
    assert published(world)["counts"] == counts[1:]


def test_no_status_changes_the_holdings(town: Town) -> None:
    world = town.nodes["alpha"]
    ids = registered(world, 10)
    holdings.count(world.node)
    before = published(world)["counts"]
    with transaction(world.node.engine) as conn:
        conn.execute(update(t.document).where(t.document.c.id == ids[0]).values(status="identified"))
        conn.execute(update(t.document).where(t.document.c.id == ids[1]).values(status="located"))
    town.wait(days=1)
    holdings.count(world.node)
    assert before
    assert published(world)["counts"] == before


def test_holdings_tell_nothing_of_the_day(town: Town) -> None:
    world = town.nodes["alpha"]
    now = world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    registered(world, 10, created_at=now)
    assert (holdings.count(world.node), holdings.count(world.node)) == (1, 0)
    assert published(world)["counts"] == []
    town.wait(hours=25)
    assert holdings.count(world.node) == 1
    assert [entry["band"] for entry in published(world)["counts"]] == ["from10to49"]


def _collecting(world: World, tmp_path: Path) -> None:
    file = tmp_path / "office.json"
    file.write_text(json.dumps({"collects": {"routes": ["centralMediterranean"], "countries": ["ZY"]}}))
    object.__setattr__(world.node, "settings", world.node.settings.model_copy(update={"office_file": file}))
    assert "collects" not in office.of(world.node.settings).document


def _fetched(town: Town) -> None:
    while holdings.fetch(town.nodes["alpha"].node):
        pass


def _shown(town: Town) -> Any:
    (partner,) = made(town.nodes["alpha"].call("administrator", "GET", "/v1/partners"), 200)["items"]
    return partner.get("holdings")


def _planned(town: Town, person: str, **members: Any) -> list[Body]:
    body = {
        "person": person,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
    }
    body |= members
    answer = town.nodes["alpha"].call("caseWorker", "POST", f"{SEARCHES}/plan", body, purpose=body["purpose"])
    return list(made(answer, 200)["items"])


def _sought(town: Town) -> str:
    alpha = town.nodes["alpha"]
    return record(alpha, permit(alpha, sets=["identity"]), SECTIONS | {"journey": _JOURNEY})


def test_a_plan_says_what_speaks_for_a_partner(town: Town, tmp_path: Path) -> None:
    person, beta = _sought(town), town.nodes["beta"]
    (item,) = _planned(town, person)
    assert item["proposalReasons"] == ["purposeInMandate", "holdingsUnknown"]
    _collecting(beta, tmp_path)
    registered(beta, 10, "remainsUnit", created_at="2024-03-01T00:00:00Z")
    holdings.count(beta.node)
    _fetched(town)
    common = ["routeInCommon", "countryInCommon"]
    (item,) = _planned(town, person)
    assert item["proposalReasons"] == ["purposeInMandate", "publishesNoneFitting", *common]
    (item,) = _planned(town, record(town.nodes["alpha"]), purpose="repatriation")
    assert item["proposalReasons"] == ["purposeNotInMandate", "holdsFitting"]
    assert item["withheldReasons"] == ["purposeNotMandated"]
    registered(beta, 10, "remainsUnit", created_at="2025-03-01T00:00:00Z")
    town.wait(days=1)
    holdings.count(beta.node)
    _fetched(town)
    assert _planned(town, person)[0]["proposalReasons"] == ["purposeInMandate", "holdsFitting", *common]
    alive = _planned(town, person, among=["foundAlive"])
    assert alive[0]["proposalReasons"] == ["purposeInMandate", "holdingsUnknown", *common]
    assert "/v1/searches" not in {path for _, path in town.sent}


def test_a_token_for_fewer_categories_hears_nothing_of_the_journey(town: Town, tmp_path: Path) -> None:
    _collecting(town.nodes["beta"], tmp_path)
    holdings.count(town.nodes["beta"].node)
    _fetched(town)
    alpha = town.nodes["alpha"]
    person = record(alpha, permit(alpha, sets=["summary"]), SECTIONS | {"journey": _JOURNEY})
    body = {"person": person, "purpose": "searchLiving", "legalBasis": "consent", "caseReference": "case-1"}
    categories = ["identity", "names", "birth", "summary", "existence"]
    answer = alpha.call(
        "caseWorker",
        "POST",
        f"{SEARCHES}/plan",
        body | {"releaseSet": "identity"},
        categories=categories,
    )
    (item,) = made(answer, 200)["items"]
    assert item["proposalReasons"] == ["purposeInMandate", "publishesNoneFitting"]


def test_the_best_comes_first_and_who_is_sent_nothing_last(town: Town) -> None:
    alpha = town.nodes["alpha"]
    town.register(alpha, town.entry("beta", nodeId="node:" + "a" * 26, purposes=["identifyDeceased"]))
    town.register(alpha, town.entry("beta", nodeId="node:" + "b" * 26, noImmigrationEnforcement=False))
    items = _planned(town, _sought(town))
    assert [item["partner"] for item in items] == [node_id(town, "beta"), "node:" + "a" * 26]


def test_holdings_are_fetched_daily_and_shown(town: Town) -> None:
    beta = town.nodes["beta"]
    registered(beta, 50, "remainsUnit", created_at="2025-03-01T00:00:00Z")
    holdings.count(beta.node)
    assert _shown(town) is None
    _fetched(town)
    _fetched(town)
    assert town.sent == [("beta", "/.well-known/mpex-node")]
    assert _shown(town)["counts"] == [{"type": "remainsUnit", "year": 2025, "band": "from50to199"}]
    town.wait(hours=24)
    _fetched(town)
    assert len(town.sent) == 2


def test_a_partner_that_does_not_answer_hinders_nothing(town: Town) -> None:
    holdings.count(town.nodes["beta"].node)
    _fetched(town)
    known = _shown(town)
    town.down.add("beta")
    town.wait(days=1)
    _fetched(town)
    _fetched(town)
    assert len(town.sent) == 2
    assert known is not None
    assert _shown(town) == known
    town.down.clear()
    town.wait(hours=1)
    _fetched(town)
    assert len(town.sent) == 3


@pytest.mark.parametrize("answer", [b"[]", b"{}", b"<html>", b'{"nodeId": "node:x"}'])
def test_what_is_no_metadata_is_not_kept(town: Town, answer: bytes) -> None:
    class Odd:
        def send(self, *_: Any, **__: Any) -> Answer:
            return Answer(200, answer)

        def close(self) -> None:
            """Nothing to release."""

    town.nodes["alpha"].node.peers._wire = Odd()
    _fetched(town)
    assert _shown(town) is None


def test_a_registry_that_names_holdings_is_not_believed(town: Town) -> None:
    alpha = town.nodes["alpha"]
    invented = {"asOf": "2026-01-01", "counts": []}
    town.register(alpha, town.entry("beta", holdings=invented))
    assert _shown(town) is None


def test_a_plan_of_nobody_in_particular_is_no_search(town: Town) -> None:
    body = {"person": _sought(town), "purpose": "searchLiving", "legalBasis": "consent"}
    body |= {"caseReference": "case-1", "releaseSet": "identity"}
    refused = town.nodes["alpha"].call("caseWorker", "POST", SEARCHES, body)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/partners"])
