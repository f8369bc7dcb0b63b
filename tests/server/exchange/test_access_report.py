"""Two nodes: what a family sees of who had what, and of nobody else."""

from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.kit import jws
from mpex_server.kit.clock import instant
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import (
    SECTIONS,
    Town,
    made,
    node_id,
    partner_search,
    permit,
    record,
    sought,
)
from tests.server.records import samples
from tests.server.world import START

Body = dict[str, Any]


def test_a_family_sees_who_had_what_and_what_became_of_it(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, directive = sought(town)
    request = samples.search_request(person, directives=[directive])
    request_id = made(alpha.call("registrar", "POST", "/v1/search-requests", request))["requestId"]
    partner_search(town, person)
    path = f"/v1/search-requests/{request_id}/access-report"
    report = made(alpha.call("registrar", "GET", path), 200)
    assert report["entries"] == [
        {
            "at": "2026-11-21T10:00:00Z",
            "recipient": "Node beta",
            "recipientClass": "forensic",
            "kind": "query",
            "purpose": "searchLiving",
            "categories": ["birth", "names", "summary"],
            "state": "active",
        }
    ]
    made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    assert made(alpha.call("registrar", "GET", path), 200)["entries"][0]["state"] == "recalled"
    town.deliver()
    (entry,) = made(alpha.call("registrar", "GET", path), 200)["entries"]
    assert entry["state"] == "erased"
    assert jws.parse(entry["receipt"]).claims["iss"] == node_id(town, "beta")
    assert alpha.events()[-1] == "accessReport"


def test_an_access_report_leaves_nobody_out(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person = record(alpha)
    request = made(alpha.call("registrar", "POST", "/v1/search-requests", samples.search_request(person)))
    with transaction(alpha.node.engine) as conn:
        for number in range(1001):
            disclosed.add(
                conn,
                kind="query",
                record=person,
                directives=(),
                partner=node_id(town, "beta"),
                purpose="searchLiving",
                categories=("names",),
                reference=f"search:{number}",
                at=instant(START),
                leaf=f"leaf:{number}",
            )
    path = f"/v1/search-requests/{request['requestId']}/access-report"
    assert len(made(alpha.call("registrar", "GET", path), 200)["entries"]) == 1001


def test_an_access_report_shows_no_other_enquirer_who_named_no_directive(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    partner_search(town, person)
    own = permit(alpha, sets=["identity"])
    counts = []
    for named in ([], [own]):
        body = samples.search_request(person, **({"directives": named} if named else {}))
        request = made(alpha.call("registrar", "POST", "/v1/search-requests", body))["requestId"]
        report = alpha.call("registrar", "GET", f"/v1/search-requests/{request}/access-report")
        counts.append(len(made(report, 200)["entries"]))
    assert counts == [0, 0]


def test_an_access_report_shows_no_other_enquirer(town: Town) -> None:
    alpha = town.nodes["alpha"]
    first, second = (permit(alpha, sets=["identity"]) for _ in range(2))
    entries = [
        samples.contribution(directive=first, sections={"names": SECTIONS["names"]}),
        samples.contribution(directive=second, sections={"birth": SECTIONS["birth"]}),
    ]
    person = made(alpha.call("registrar", "POST", "/v1/persons", samples.person(contributions=entries)))[
        "recordId"
    ]
    for directive in (first, second):
        body = samples.search_request(person, directives=[directive])
        made(alpha.call("registrar", "POST", "/v1/search-requests", body))
    made(alpha.call("registrar", "POST", f"/v1/directives/{first}/withdrawals", {}))
    partner_search(town, person)
    reports = []
    for item in made(alpha.call("registrar", "GET", "/v1/search-requests"), 200)["items"]:
        path = f"/v1/search-requests/{item['requestId']}/access-report"
        reports.append((item["directives"], len(made(alpha.call("registrar", "GET", path), 200)["entries"])))
    assert sorted(reports) == sorted([([first], 0), ([second], 1)])
