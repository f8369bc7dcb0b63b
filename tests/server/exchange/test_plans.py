"""Plans of partner searches: what each partner would be sent, and a reason for asking many."""

from typing import Any

from mpex_server.kit.ids import new_id

from tests.server.exchange.town import SEARCHES, Town, asking, made, node_id, record, sought
from tests.server.records import samples

Body = dict[str, Any]


def test_a_plan_says_what_would_be_sent_and_sends_nothing(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], node_id(town, "beta")
    person, _ = sought(town)
    plan = made(alpha.call("caseWorker", "POST", f"{SEARCHES}/plan", asking(town, person)), 200)
    (planned,) = plan["items"]
    assert (planned["partner"], planned["sentCategories"]) == (beta, ["birth", "names", "summary"])
    withheld = made(alpha.call("caseWorker", "POST", f"{SEARCHES}/plan", asking(town, record(alpha))), 200)
    (item,) = withheld["items"]
    assert "sentCategories" not in item
    assert item["withheldReasons"]
    assert town.sent == []
    assert made(alpha.call("caseWorker", "GET", SEARCHES), 200)["items"] == []


def test_more_than_five_partners_are_asked_for_a_reason_only(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    many = [new_id("node") for _ in range(6)]
    for path in (SEARCHES, f"{SEARCHES}/plan"):
        refused = alpha.call("caseWorker", "POST", path, asking(town, person, partners=many))
        assert (refused.status_code, samples.pointers(refused)) == (422, ["/reason"])
    known = alpha.call("caseWorker", "POST", SEARCHES, asking(town, person, partners=many, reason="A boat."))
    assert samples.pointers(known) == [f"/partners/{number}" for number in range(6)]
    found = made(alpha.call("caseWorker", "POST", SEARCHES, asking(town, person, reason="A boat.")))
    assert found["reason"] == "A boat."
