"""What is not there looks like what was erased, and partners get no token that reads records.

Who may call which operation is one table: tests/server/exchange/callers.py.
"""

from collections.abc import Iterator

import pytest
from mpex_server.kit.ids import new_id

from tests.databases import Databases
from tests.server.records import samples
from tests.server.world import World, create_schema, new_settings, open_world

READERS = {
    "/v1/persons/person:": ("registrar", "caseWorker", "releaseOfficer"),
    "/v1/remains/remains:": ("registrar", "caseWorker", "releaseOfficer"),
    "/v1/search-requests/request:": ("registrar", "caseWorker"),
    "/v1/directives/directive:": ("registrar", "caseWorker", "releaseOfficer"),
    "/v1/incidents/incident:": ("registrar", "caseWorker", "administrator"),
    "/v1/matches/match:": ("caseWorker",),
    "/v1/identifications/identification:": ("caseWorker", "releaseOfficer"),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, dict[str, str]]]:
    """A node with one document of each kind, shared by the rows, and the identifier of each by its kind."""
    url = databases.fresh(request.param, create_schema)
    world = open_world(new_settings(tmp_path_factory.mktemp("node"), url))
    yield world, samples.one_of_each(world)
    world.close()
    databases.drop(url)


@pytest.mark.parametrize("purpose", ["repatriation", "borderControl"])
def test_a_partner_with_a_purpose_outside_its_mandate_gets_no_token(
    filled: tuple[World, dict[str, str]], purpose: str
) -> None:
    refused = filled[0].token_response("one", purpose=purpose)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_authorization_details")


@pytest.mark.parametrize("action", ["persons:read", "directives:read", "incidents:read", "matches:read"])
@pytest.mark.parametrize("partner", ["one", "two"])
def test_a_partner_cannot_even_ask_for_an_action_that_reads_records(
    filled: tuple[World, dict[str, str]], partner: str, action: str
) -> None:
    assert filled[0].token_response(partner, actions=[action]).status_code == 400


OF_ONE_REQUEST = {"x-request-id", "content-digest"}
"""Headers that say, or are made of, the number of the request, which is in the body as well."""


@pytest.mark.parametrize(("path", "who"), [(path, who) for path in READERS for who in READERS[path]])
def test_what_is_not_there_looks_like_what_was_erased(world: World, path: str, who: str) -> None:
    kind = path.rpartition("/")[2].removesuffix(":")
    erased = samples.one_of_each(world)[kind]
    samples.erase(world, erased)
    answers = [
        world.call(who, "GET", path.removesuffix(f"{kind}:") + name) for name in (erased, new_id(kind))
    ]
    shown = [
        (
            answer.status_code,
            answer.text.replace(answer.json()["instance"], ""),
            {name: value for name, value in answer.headers.items() if name not in OF_ONE_REQUEST},
        )
        for answer in answers
    ]
    assert shown[0] == shown[1]
    assert answers[0].status_code == 404
    assert len(answers[0].content) % 4096 == 0


@pytest.mark.parametrize(
    ("who", "path", "kind", "body"),
    [
        ("registrar", "/v1/persons", "person", samples.person()),
        ("registrar", "/v1/remains", "remains", samples.remains_unit()),
        ("registrar", "/v1/search-requests", "request", samples.search_request(new_id("person"))),
        ("registrar", "/v1/incidents", "incident", samples.incident()),
        ("releaseOfficer", "/v1/identifications", "identification", samples.identification()),
    ],
)
def test_what_is_not_there_cannot_be_changed(
    filled: tuple[World, dict[str, str]], who: str, path: str, kind: str, body: samples.Body
) -> None:
    world, _ = filled
    unknown = f"{path}/{new_id(kind)}"
    assert samples.refusal(world.call(who, "PUT", unknown, body, match="*")) == (404, "notFound")
    if kind == "identification":
        told = world.call(who, "POST", f"{unknown}/notification", samples.notification())
        assert samples.refusal(told) == (404, "notFound")


@pytest.mark.parametrize("path", ["persons", "remains", "search-requests", "directives", "matches"])
def test_an_address_without_an_identifier_is_refused_for_its_form(
    filled: tuple[World, dict[str, str]], path: str
) -> None:
    refused = filled[0].call("caseWorker", "GET", f"/v1/{path}/Fictia")
    assert samples.refusal(refused) == (400, "invalidParameter")
    assert "Fictia" not in refused.text
