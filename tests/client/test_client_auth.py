"""How the client gets and uses tokens."""

import asyncio
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from mpex_client import AsyncClient, Client, RetryPolicy, SigningKey, errors
from mpex_client._clock import async_within, sync_within
from mpex_client.testing import FakeNode

from tests.client.conftest import StillClock


def _asked(node: FakeNode) -> list[dict[str, object]]:
    forms = [parse_qs(seen.body.decode()) for seen in node.requests if seen.operation == "createToken"]
    return [json.loads(form["authorization_details"][0])[0] for form in forms]


def test_one_token_serves_calls_of_one_action(node: FakeNode, client: Client) -> None:
    for _ in range(3):
        list(client.persons.list())
    assert len(_asked(node)) == 1


def test_a_token_is_asked_for_the_action_of_the_operation_and_no_other(
    node: FakeNode, client: Client
) -> None:
    list(client.persons.list())
    list(client.tasks.list())
    assert [detail["actions"] for detail in _asked(node)] == [["persons:read"], ["tasks:read"]]


def test_more_actions_are_asked_for_when_the_program_says_so(node: FakeNode) -> None:
    wanted = frozenset({"persons:read", "tasks:read"})
    with node.client(purpose="searchLiving", legal_basis="consent", actions=wanted) as client:
        list(client.persons.list())
        list(client.tasks.list())
    assert [detail["actions"] for detail in _asked(node)] == [sorted(wanted)]


def test_each_purpose_has_its_own_token(node: FakeNode, client: Client) -> None:
    list(client.persons.list())
    list(client.with_purpose("identifyDeceased", legal_basis="publicInterest").persons.list())
    assert [(detail["purpose"], detail["legalBasis"]) for detail in _asked(node)] == [
        ("searchLiving", "consent"),
        ("identifyDeceased", "publicInterest"),
    ]


def test_a_token_is_renewed_shortly_before_it_expires(
    node: FakeNode, client: Client, clock: StillClock
) -> None:
    list(client.persons.list())
    clock.advance(seconds=290)
    list(client.persons.list())
    assert len(_asked(node)) == 2


def test_a_refused_cached_token_is_replaced_once_and_the_call_succeeds(
    node: FakeNode, client: Client
) -> None:
    list(client.persons.list())
    node.tokens.revoke_all()
    list(client.persons.list())
    assert len(_asked(node)) == 2


def test_a_fresh_token_that_is_refused_is_not_asked_for_again(node: FakeNode, client: Client) -> None:
    node.fail(401)
    with pytest.raises(errors.ProblemError) as caught:
        list(client.persons.list())
    assert caught.value.status == 401
    assert len(_asked(node)) == 1


def test_without_a_purpose_nothing_is_sent(node: FakeNode) -> None:
    with node.client() as client, pytest.raises(errors.ConfigurationError, match="no purpose"):
        list(client.persons.list())
    assert node.requests == []


def test_token_free_addresses_need_neither_purpose_nor_token(node: FakeNode) -> None:
    with node.client() as client:
        assert client.node.metadata()["nodeId"] == node.node_id
    assert "Authorization" not in node.requests[0].headers


def test_an_unknown_client_learns_why_it_is_refused(node: FakeNode) -> None:
    stranger = Client.connect(
        node.url,
        client_id="client:stranger",
        key=SigningKey.generate(),
        purpose="searchLiving",
        legal_basis="consent",
        transport=node.transport,
    )
    with stranger, pytest.raises(errors.TokenRefusedError) as caught:
        list(stranger.persons.list())
    assert caught.value.code == "invalid_client"


def test_a_clock_that_is_wrong_is_refused_by_the_token_endpoint(node: FakeNode) -> None:
    late = StillClock()
    late.advance(minutes=-10)
    options = {"purpose": "searchLiving", "legal_basis": "consent", "clock": late}
    with node.client(**options) as client, pytest.raises(errors.TokenRefusedError):
        list(client.persons.list())


def test_metadata_of_another_issuer_is_not_trusted(node: FakeNode) -> None:
    def elsewhere(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(
            200, json={"issuer": "https://other.example", "token_endpoint": str(request.url)}
        )

    transport = httpx2.MockTransport(elsewhere)
    options = {"purpose": "searchLiving", "legal_basis": "consent", "transport": transport}
    with node.client(**options) as client, pytest.raises(errors.ProtocolError, match="another issuer"):
        list(client.persons.list())


def test_a_bearer_token_is_not_accepted_from_the_token_endpoint(node: FakeNode) -> None:
    def careless(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            return httpx2.Response(
                200, json={"issuer": node.url, "token_endpoint": f"{node.url}/oauth/token"}
            )
        return httpx2.Response(200, json={"access_token": "x", "token_type": "Bearer", "expires_in": 60})

    transport = httpx2.MockTransport(careless)
    options = {"purpose": "searchLiving", "legal_basis": "consent", "transport": transport}
    with node.client(**options) as client, pytest.raises(errors.ProtocolError, match="not bound"):
        list(client.persons.list())


@pytest.mark.parametrize("url", ["http://node.example", "ftp://node.example", "node.example", "https://"])
def test_an_address_without_encryption_is_refused(url: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="https"):
        Client.connect(url, client_id="client:x", key=SigningKey.generate())


def test_every_proof_of_possession_is_fresh(node: FakeNode, client: Client) -> None:
    node.fail(503, 503)
    list(client.persons.list())
    proofs = [seen.headers["DPoP"] for seen in node.requests if seen.operation == "listPersons"]
    assert len(set(proofs)) == len(proofs) == 3


async def _listed(node: FakeNode, clock: StillClock) -> int:
    async with node.async_client(purpose="searchLiving", legal_basis="consent", clock=clock) as client:
        await client.incidents.create({"type": "incident", "counts": {"dead": 1}})
        return len([document async for document in client.incidents.list()])


def test_the_asynchronous_client_does_the_same(node: FakeNode, clock: StillClock) -> None:
    assert asyncio.run(_listed(node, clock)) == 1


SHORT = httpx2.Timeout(0.3)
GUARD = 60.0
"""Far more than a client with short time limits waits, however busy the machine is."""


@pytest.fixture
def silent() -> Iterator[dict[str, Any]]:
    """How to connect to a node that takes connections and never answers, with short time limits."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield {
            "url": f"http://127.0.0.1:{server.getsockname()[1]}",
            "client_id": "client:x",
            "key": SigningKey.generate(),
            "purpose": "searchLiving",
            "legal_basis": "consent",
            "timeout": SHORT,
            "retry": RetryPolicy(retries=0),
        }


def test_a_node_that_never_answers_what_a_token_needs_is_given_up(silent: dict[str, Any]) -> None:
    with Client.connect(**silent) as client, pytest.raises(errors.TransportError, match="in time"):
        sync_within(GUARD, lambda: client.persons.get("person:x"))


def test_the_asynchronous_client_gives_up_as_well(silent: dict[str, Any]) -> None:
    async def got() -> None:
        async with AsyncClient.connect(**silent) as client:
            await async_within(GUARD, lambda: client.persons.get("person:x"))

    with pytest.raises(errors.TransportError, match="in time"):
        asyncio.run(got())


def test_every_request_keeps_to_the_time_limits_of_the_client(person: dict[str, object]) -> None:
    node = FakeNode("http://127.0.0.1:8080")
    limits: dict[str, Any] = {}

    def noted(request: httpx2.Request) -> httpx2.Response:
        limits[request.url.path] = request.extensions.get("timeout")
        return node.transport.handle_request(request)

    options = {"purpose": "searchLiving", "legal_basis": "consent", "transport": httpx2.MockTransport(noted)}
    with node.partner(**options, keys=None, timeout=SHORT) as client:
        client.persons.create(person)
    known = {"/.well-known/oauth-authorization-server", "/oauth/token", "/.well-known/jwks.json"}
    assert limits == dict.fromkeys(known | {"/v1/persons"}, SHORT.as_dict())
