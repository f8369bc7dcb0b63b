"""What holds for every operation: problem documents, strict bodies, headers, the time grid."""

import json

import httpx2
import pytest
from mpex_server.http import logs, operations, spec
from mpex_server.http.call import Call, Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand
from mpex_server.kit.ids import new_id
from mpex_server.settings import Settings
from mpex_server.storage.documents import VersionConflictError

from tests.server.records import samples
from tests.server.world import URL, World, open_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
INCIDENTS = "/v1/incidents"


def code(response: httpx2.Response) -> str:
    body = json.loads(response.content)
    assert response.headers["content-type"] == "application/problem+json"
    assert body["instance"] == response.headers["x-request-id"]
    return str(body["type"]).removeprefix("urn:mpex:problem:")


def test_unknown_addresses_and_methods_are_problems(world: World) -> None:
    assert code(world.raw("GET", "/v1/nothing")) == "notFound"
    refused = world.raw("DELETE", INCIDENTS)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")
    assert code(refused) == "methodNotAllowed"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"type":"incident","type":"mixed"}', (400, "malformedJson")),
        (b'{"counts":{"dead":NaN}}', (400, "malformedJson")),
        (b'{"type":"\\ud800"}', (400, "malformedJson")),
        (b'{"type":"\xff"}', (400, "malformedJson")),
        (b'{"counts":{"dead":1e999}}', (400, "malformedJson")),
        (b"[" * 17 + b"]" * 17, (400, "limitExceeded")),
        (b'{"causes":[' + b"1," * 1000 + b"1]}", (400, "limitExceeded")),
        (b"", (400, "malformedJson")),
        (b" " * 1_048_577, (413, "bodyTooLarge")),
        (b"{}", (422, "schemaViolation")),
    ],
)
def test_bodies_are_strict_json(world: World, body: bytes, expected: tuple[int, str]) -> None:
    headers = {**world.headers("registrar", "POST", INCIDENTS), "Idempotency-Key": "key-of-the-tests-1"}
    headers["Content-Type"] = "application/json"
    response = world.raw("POST", INCIDENTS, content=body, headers=headers)
    assert (response.status_code, code(response)) == expected


def test_a_stranger_with_a_large_body_is_a_stranger(world: World) -> None:
    assert world.raw("POST", INCIDENTS, content=b" " * 1_048_577).status_code == 401


def test_wrong_places_are_named_and_values_are_not(world: World) -> None:
    body = {"type": "secret-value", "counts": {"dead": "secret-value"}, "date": "secret-value"}
    response = world.call("registrar", "POST", INCIDENTS, body)
    assert response.status_code == 422
    assert {error["pointer"] for error in response.json()["errors"]} == {"/type", "/counts/dead", "/date"}
    assert "secret-value" not in response.text


@pytest.mark.parametrize("media", ["text/plain", "application/json; charset=latin-1", ""])
def test_other_media_types_are_refused(world: World, media: str) -> None:
    headers = {**world.headers("registrar", "POST", INCIDENTS), "Idempotency-Key": "key-of-the-tests-1"}
    response = world.raw("POST", INCIDENTS, content=b"{}", headers={**headers, "Content-Type": media})
    assert (response.status_code, code(response)) == (415, "unsupportedMediaType")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "other=1", "limit"])
def test_query_parameters_are_checked(world: World, query: str) -> None:
    response = world.call("registrar", "GET", f"{INCIDENTS}?{query}")
    assert (response.status_code, code(response)) == (400, "invalidParameter")


@pytest.mark.parametrize("key", ["short", "with spaces in the key", "x" * 129])
def test_idempotency_keys_are_checked(world: World, key: str) -> None:
    response = world.call("registrar", "POST", INCIDENTS, {}, key=key)
    assert response.status_code in {400, 422}
    assert "x" * 129 not in response.text


def test_a_missing_idempotency_key_is_named(world: World) -> None:
    body = {"type": "incident", "counts": {}}
    response = world.call("registrar", "POST", INCIDENTS, body, key="")
    assert code(response) == "idempotencyKeyMissing"


def test_every_404_leaves_on_the_grid_and_is_padded(world: World) -> None:
    anonymous = world.raw("GET", "/v1/nothing")
    known = world.call("registrar", "GET", f"{INCIDENTS}/incident:{'a' * 26}")
    for response in (anonymous, known):
        assert response.status_code == 404
        assert len(response.content) % 4096 == 0
        assert int(response.headers["content-length"]) == len(response.content)
        assert json.loads(response.content)["status"] == 404
    assert world.clock.slept == [0.25, 0.25]


def test_security_headers_are_on_every_answer(world: World) -> None:
    for response in (world.raw("GET", "/v1/nothing"), world.raw("GET", "/health/live")):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in response.headers["content-security-policy"]


def test_a_failure_says_nothing_of_its_cause(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_call: Call) -> Reply:
        raise ValueError("Testa Ficta Muestra")

    monkeypatch.setitem(operations.REGISTRY, "getLiveness", operations.Registration(public=fail))
    world = open_world(settings)
    response = world.raw("GET", "/health/live")
    world.close()
    assert (response.status_code, code(response)) == (500, "internalError")
    assert "Ficta" not in response.text + capsys.readouterr().err


def test_a_write_without_an_audit_entry_is_not_committed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(ctx: Context) -> Reply:
        ctx.documents.create("incident:x", {}, kind="incident", type="incident", status="open")
        return Reply(201, document_id="incident:x")

    registration = operations.Registration(handler=forget, replay=lambda _ctx, _id: Reply())
    monkeypatch.setitem(operations.REGISTRY, "createIncident", registration)
    world = open_world(settings)
    refused = world.call("registrar", "POST", INCIDENTS, {"type": "incident", "counts": {}})
    assert (refused.status_code, code(refused)) == (500, "internalError")
    assert world.call("registrar", "GET", INCIDENTS).json()["items"] == []
    world.close()


@pytest.mark.parametrize("errand", [False, True], ids=["at once", "after a call to a partner"])
def test_a_change_that_others_always_come_before_is_to_be_tried_later(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, *, errand: bool
) -> None:
    tries = []

    def overtaken(*_args: object) -> Reply:
        tries.append(1)
        raise VersionConflictError

    def handler(ctx: Context) -> Reply | Errand:
        ctx.audit("read")
        return Errand(run=list, finish=overtaken, document_id="match:x") if errand else overtaken()

    registration = operations.Registration(handler=handler, replay=lambda _ctx, _id: Reply())
    monkeypatch.setitem(operations.REGISTRY, "createMatch", registration)
    world = open_world(settings)
    body = samples.match(new_id("person"), new_id("person"))
    response = world.call("caseWorker", "POST", "/v1/matches", body)
    world.close()
    assert (response.status_code, code(response)) == (503, "unavailable")
    assert (response.headers["retry-after"], len(tries)) == ("1", 3)


def test_a_prohibited_purpose_in_a_body_is_refused_before_anything_else(world: World) -> None:
    response = world.call("registrar", "POST", INCIDENTS, {"purpose": "borderControl", "type": 7})
    assert (response.status_code, code(response)) == (403, "prohibitedPurpose")
    entry = world.leaves()[-1]
    assert (entry["event"], entry["reason"]) == ("refusal", "prohibitedPurpose")


def test_logs_carry_neither_query_nor_address(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    world = open_world(settings.model_copy(update={"log_level": "info"}))
    answer = world.raw("GET", "/v1/incidents?other=Testa")
    world.close()
    logs.configure("error")
    line = capsys.readouterr().err
    said = json.loads(line)
    assert (said["event"], said["operation"], said["status"]) == ("request", "listIncidents", 401)
    assert said["request_id"] == answer.headers["x-request-id"]
    assert "Testa" not in line
    assert "/v1/" not in line


def test_published_documents_are_truthful(world: World) -> None:
    server = world.raw("GET", "/.well-known/oauth-authorization-server").json()
    resource = world.raw("GET", "/.well-known/oauth-protected-resource").json()
    assert server["issuer"] == resource["resource"] == resource["authorization_servers"][0] == URL
    assert server["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert resource["dpop_bound_access_tokens_required"] is True
    for key in world.raw("GET", "/.well-known/jwks.json").json()["keys"]:
        assert "d" not in key
    metadata = world.raw("GET", "/.well-known/mpex-node").json()
    assert spec.schema_validator("node-metadata").is_valid(metadata)
    assert metadata["environment"] == "sandbox"


def test_the_metadata_tell_the_mandate_that_was_set(settings: Settings) -> None:
    own = {"purposes": ("identifyDeceased", "statistics"), "participation_class": "intakeOnly"}
    world = open_world(settings.model_copy(update=own))
    try:
        metadata = world.raw("GET", "/.well-known/mpex-node").json()
    finally:
        world.close()
    assert spec.schema_validator("node-metadata").is_valid(metadata)
    assert metadata["purposes"] == ["identifyDeceased", "statistics"]
    assert metadata["participationClass"] == "intakeOnly"


def test_readiness_names_what_fails(world: World) -> None:
    assert world.raw("GET", "/health/ready").json()["status"] == "ok"
    with world.node.engine.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE document RENAME TO gone")
    response = world.raw("GET", "/health/ready")
    assert (response.status_code, code(response)) == (503, "unavailable")
    assert [error["pointer"] for error in response.json()["errors"]] == ["database"]


def test_the_page_of_the_interface_loads_nothing_from_elsewhere(world: World) -> None:
    response = world.raw("GET", "/docs")
    assert response.headers["content-type"].startswith("text/html")
    assert "<script" not in response.text
    assert "https://" not in response.text
    assert "/v1/persons/{recordId}" in response.text
    assert world.raw("GET", "/docs/openapi.json").json()["openapi"].startswith("3.1")
