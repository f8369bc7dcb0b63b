"""Two nodes: the query, a disclosure that goes out as far as consent permits."""

from typing import Any

import pytest
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.town import (
    SEARCHES,
    Town,
    asking,
    made,
    node_id,
    partner_search,
    permit,
    record,
    sought,
)
from tests.server.records import samples

Body = dict[str, Any]


def test_a_query_goes_out_as_far_as_consent_permits_and_is_on_record(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person, directive = sought(town)
    record(beta, permit(beta, sets=["identity"]))
    found = partner_search(town, person)
    (result,) = found["results"]
    assert result["state"] == "answered"
    assert result["sentCategories"] == ["birth", "names", "summary"]
    assert result["result"]["outcome"] == "possibleHit"
    with transaction(alpha.node.engine) as conn:
        (row,) = conn.execute(select(t.disclosure)).all()
    assert (row.kind, row.document_id, row.directive_ids) == ("query", person, directive)
    assert (row.partner, row.reference_id) == (node_id(town, "beta"), result["result"]["searchId"])
    shown = made(alpha.call("caseWorker", "GET", f"{SEARCHES}/{found['partnerSearchId']}"), 200)
    assert shown == found
    assert made(alpha.call("caseWorker", "GET", SEARCHES), 200)["items"] == [found]
    assert alpha.events()[-4:-2] == ["query", "queryAnswered"]


def test_nothing_is_sent_where_consent_permits_nothing(town: Town) -> None:
    person, _ = sought(town, doNotShareWith=[{"recipientClass": "forensic"}])
    found = partner_search(town, person)
    assert found["results"] == [
        {"partner": node_id(town, "beta"), "state": "withheld", "withheldReasons": ["doNotShareWith"]}
    ]
    assert town.sent == []


def test_contact_never_goes_into_a_query(town: Town) -> None:
    person = record(town.nodes["alpha"], permit(town.nodes["alpha"], sets=["identity", "contact"]))
    assert "contact" not in partner_search(town, person)["results"][0]["sentCategories"]


def test_a_partner_out_of_reach_is_told_as_such_and_stays_on_record(town: Town) -> None:
    person, _ = sought(town)
    town.down.add("beta")
    assert partner_search(town, person)["results"][0]["state"] == "unreachable"
    with transaction(town.nodes["alpha"].node.engine) as conn:
        assert len(conn.execute(select(t.disclosure)).all()) == 1


def test_an_answer_that_the_partner_did_not_sign_is_no_answer(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    stranger = town.entry("alpha")["jwks"]
    town.register(alpha, town.entry("beta", recipientClass="forensic", jwks=stranger))
    assert partner_search(town, person)["results"][0]["state"] == "unreachable"


def test_the_same_search_is_sent_once(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    body = asking(town, person)
    one, two = (made(alpha.call("caseWorker", "POST", SEARCHES, body, key="s" * 20)) for _ in range(2))
    assert one == two
    assert town.sent.count(("beta", "/v1/searches")) == 1


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("person", "person:" + "a" * 26, "/person"),
        ("partners", ["node:" + "a" * 26], "/partners/0"),
    ],
)
def test_unknown_persons_and_partners_are_named(town: Town, member: str, value: Any, pointer: str) -> None:
    person, _ = sought(town)
    body = asking(town, person) | {member: value}
    refused = town.nodes["alpha"].call("caseWorker", "POST", SEARCHES, body)
    assert (refused.status_code, samples.pointers(refused)) == (422, [pointer])


def test_a_token_that_the_partner_takes_no_more_is_renewed(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    partner_search(town, person)
    assert town.sent.count(("beta", "/oauth/token")) == 1
    partner_search(town, person)
    assert town.sent.count(("beta", "/oauth/token")) == 1
    tokens = alpha.node.peers._tokens
    tokens.update({key: ("stale", ends) for key, (_, ends) in tokens.items()})
    assert partner_search(town, person)["results"][0]["state"] == "answered"
    assert town.sent.count(("beta", "/oauth/token")) == 2
    town.wait(minutes=10)
    assert partner_search(town, person)["results"][0]["state"] == "answered"
