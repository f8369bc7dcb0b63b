"""The table of who may do what with records; each row is a test, written by hand and not read from the code.

A token names the actions it may be used for, so each row asks for all the actions that its client may have.
"""

from collections.abc import Iterator

import pytest
from mpex_server.kit.ids import new_id

from tests.conftest import Databases
from tests.server.records import samples
from tests.server.world import World, create_schema, new_settings, open_world

R, C, D, A, M = "registrar", "caseWorker", "releaseOfficer", "auditor", "administrator"
EVERYBODY = (R, C, D, A, M, "one", "two")

TABLE = {
    ("GET", "/v1/persons"): {R, C, D},
    ("POST", "/v1/persons"): {R},
    ("GET", "/v1/persons/person:*"): {R, C, D},
    ("PUT", "/v1/persons/person:*"): {R},
    ("GET", "/v1/remains"): {R, C, D},
    ("POST", "/v1/remains"): {R},
    ("GET", "/v1/remains/remains:*"): {R, C, D},
    ("PUT", "/v1/remains/remains:*"): {R},
    ("GET", "/v1/search-requests"): {R, C},
    ("POST", "/v1/search-requests"): {R},
    ("GET", "/v1/search-requests/request:*"): {R, C},
    ("PUT", "/v1/search-requests/request:*"): {R},
    ("GET", "/v1/directives"): {R, C, D},
    ("POST", "/v1/directives"): {R},
    ("GET", "/v1/directives/directive:*"): {R, C, D},
    ("GET", "/v1/incidents"): {R, C, M},
    ("POST", "/v1/incidents"): {R, M},
    ("GET", "/v1/incidents/incident:*"): {R, C, M},
    ("PUT", "/v1/incidents/incident:*"): {R, M},
    ("POST", "/v1/incidents/import"): {R, M},
    ("GET", "/v1/matches"): {C},
    ("POST", "/v1/matches"): {C},
    ("GET", "/v1/matches/match:*"): {C},
    ("GET", "/v1/identifications"): {C, D},
    ("POST", "/v1/identifications"): {D},
    ("GET", "/v1/identifications/identification:*"): {C, D},
    ("PUT", "/v1/identifications/identification:*"): {D},
    ("POST", "/v1/identifications/identification:*/notification"): {C, D},
    ("GET", "/v1/partners"): {C, D, A, M},
}
ROWS = [
    pytest.param(*place, who, who in roles, id=f"{who} {' '.join(place)}")
    for place, roles in TABLE.items()
    for who in EVERYBODY
]


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


@pytest.mark.parametrize(("method", "path", "who", "allowed"), ROWS)
def test_the_table(
    filled: tuple[World, dict[str, str]], method: str, path: str, who: str, allowed: bool
) -> None:
    world, identifiers = filled
    for kind, identifier in identifiers.items():
        path = path.replace(f"{kind}:*", identifier)
    body: dict[str, object] | None = None if method == "GET" else {}
    response = world.call(who, method, path, body, match='"none"' if method == "PUT" else None)
    if allowed:
        # An empty body is no document: what is allowed goes as far as the schema and no further.
        assert response.status_code == (200 if method == "GET" else 422), response.text
    else:
        assert samples.refusal(response) == (403, "actionNotAllowed")
        assert "Fictia" not in response.text


@pytest.mark.parametrize(("method", "path"), TABLE)
def test_a_stranger_without_a_token_learns_nothing(
    filled: tuple[World, dict[str, str]], method: str, path: str
) -> None:
    world, identifiers = filled
    seen = set()
    for real in (True, False):
        address = path
        for kind, identifier in identifiers.items():
            address = address.replace(f"{kind}:*", identifier if real else new_id(kind))
        response = world.raw(method, address, headers={"Idempotency-Key": "stranger-of-the-tests"})
        assert samples.refusal(response) == (401, "unauthorized")
        seen.add(response.text.replace(response.json()["instance"], ""))
    assert len(seen) == 1


@pytest.mark.parametrize(("method", "path"), TABLE)
def test_the_right_role_with_the_wrong_action(
    filled: tuple[World, dict[str, str]], method: str, path: str
) -> None:
    world, identifiers = filled
    for kind, identifier in identifiers.items():
        path = path.replace(f"{kind}:*", identifier)
    who, action = (A, "log:read") if path != "/v1/partners" else (M, "incidents:read")
    response = world.call(who, method, path, None if method == "GET" else {}, actions=[action])
    assert samples.refusal(response) == (403, "actionNotAllowed")


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


READS = [(place, role) for place, roles in TABLE.items() if place[1].endswith("*") for role in sorted(roles)]


@pytest.mark.parametrize(("place", "who"), [row for row in READS if row[0][0] == "GET"])
def test_what_is_not_there_looks_like_what_was_erased(world: World, place: tuple[str, str], who: str) -> None:
    path = place[1].removesuffix("*")
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
            {name: value for name, value in answer.headers.items() if name != "x-request-id"},
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
