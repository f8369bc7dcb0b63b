"""A client that is a node signs what it asks, and believes no answer that the other node has not signed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mpex_client import Client, Profile, errors
from mpex_client._auth import KEYS_PATH
from mpex_client.ids import new_id
from mpex_client.testing import FakeNode
from mpex_client.testing._tokens import Tokens
from mpex_spec.message_signatures import content_digest

from tests.client.conftest import StillClock

Change = Callable[[httpx2.Response], httpx2.Response]
QUERY = {"names": {"names": [{"text": "Nusquam Ignotová", "script": "Latn"}]}}
"""Nobody whom another test registers at the node that all share."""


def partner(node: FakeNode, **options: Any) -> Client:
    """Return the client of a node."""
    return node.partner(purpose="searchLiving", legal_basis="consent", **options)


def changed(node: FakeNode, change: Change) -> Client:
    """Return a partner's client behind a network that changes the answers to what bears a token."""

    def carried(request: httpx2.Request) -> httpx2.Response:
        response = node.transport.handle_request(request)
        response.read()
        return change(response) if "authorization" in request.headers else response

    return partner(node, transport=httpx2.MockTransport(carried))


def test_a_partner_signs_what_it_asks(node: FakeNode, person: dict[str, object]) -> None:
    with partner(node) as client:
        client.persons.create(person)
    sent = node.requests[-1].headers
    assert sent["signature-input"].startswith(
        'mpex=("@method" "@target-uri" "authorization" "dpop" "content-digest" "idempotency-key");created='
    )


def test_staff_sign_nothing(node: FakeNode, client: Client, person: dict[str, object]) -> None:
    client.persons.create(person)
    assert "signature" not in node.requests[-1].headers


def staff_behind(node: FakeNode, cut: Callable[[bytes], bytes]) -> Client:
    """Return a client of staff behind a network that changes what is answered below a digest of the whole."""

    def carried(request: httpx2.Request) -> httpx2.Response:
        response = node.transport.handle_request(request)
        whole = response.read()
        if "authorization" not in request.headers:
            return response
        kept = {name: value for name, value in response.headers.items() if name != "content-length"}
        headers = kept | {"content-digest": str(content_digest(whole))}
        return httpx2.Response(response.status_code, headers=headers, content=cut(whole))

    network = httpx2.MockTransport(carried)
    return node.client(purpose="searchLiving", legal_basis="consent", transport=network)


def test_staff_take_an_answer_that_is_whole(node: FakeNode, person: dict[str, object]) -> None:
    with staff_behind(node, lambda whole: whole) as client:
        assert client.persons.create(person)["recordId"]


@pytest.mark.parametrize("cut", [lambda whole: whole[:-1] + b" ", lambda _: b""], ids=["damaged", "empty"])
def test_staff_do_not_take_an_answer_that_was_damaged_on_its_way(
    node: FakeNode, person: dict[str, object], cut: Callable[[bytes], bytes]
) -> None:
    with staff_behind(node, cut) as client, pytest.raises(errors.ProtocolError, match="as the node sent it"):
        client.persons.create(person)


def test_an_answer_without_a_signature_is_not_believed(node: FakeNode, person: dict[str, object]) -> None:
    def unsigned(response: httpx2.Response) -> httpx2.Response:
        del response.headers["signature"]
        return response

    with changed(node, unsigned) as client, pytest.raises(errors.ProtocolError, match="not signed"):
        client.persons.create(person)


def test_an_altered_answer_is_not_believed(node: FakeNode, person: dict[str, object]) -> None:
    def altered(response: httpx2.Response) -> httpx2.Response:
        return httpx2.Response(
            response.status_code, headers=response.headers, content=response.content + b" "
        )

    with changed(node, altered) as client, pytest.raises(errors.ProtocolError, match="Content-Digest"):
        client.persons.create(person)


def test_an_answer_with_another_status_is_not_believed(node: FakeNode, person: dict[str, object]) -> None:
    def altered(response: httpx2.Response) -> httpx2.Response:
        return httpx2.Response(202, headers=response.headers, content=response.content)

    with changed(node, altered) as client, pytest.raises(errors.ProtocolError, match="fits no key"):
        client.persons.create(person)


def test_the_answer_to_another_request_is_not_believed(node: FakeNode, person: dict[str, object]) -> None:
    answers: list[httpx2.Response] = []

    def first(response: httpx2.Response) -> httpx2.Response:
        answers.append(response)
        return answers[0]

    with changed(node, first) as client:
        client.persons.create(person)
        with pytest.raises(errors.ProtocolError, match="fits no key"):
            client.persons.create(person)


class Gateway:
    """Ends TLS before a node: says that its own key is the node's, and signs answers of its own with it."""

    def __init__(self, node: FakeNode, clock: StillClock) -> None:
        self.node, self.tokens = node, Tokens(node.url, clock)
        self.transport = httpx2.MockTransport(self._carried)

    def _carried(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == KEYS_PATH:
            return httpx2.Response(200, json=self.tokens.public_jwks())
        response = self.node.transport.handle_request(request)
        if "authorization" not in request.headers:
            return response
        forged = httpx2.Response(response.status_code, json={"recordId": "person:forged"})
        forged.headers.update(self.tokens.signature(request, forged))
        return forged


def test_a_gateway_with_a_key_of_its_own_is_not_believed(
    node: FakeNode, clock: StillClock, person: dict[str, object]
) -> None:
    gateway = Gateway(node, clock)
    with partner(node, transport=gateway.transport) as client:
        for _ in range(2):
            with pytest.raises(errors.ProtocolError, match="fits no key"):
                client.persons.create(person)
    with partner(node, transport=gateway.transport, keys=gateway.tokens.public_jwks()) as deceived:
        assert deceived.persons.create(person)["recordId"] == "person:forged"


def test_who_has_the_keys_of_the_node_does_not_ask_for_them(
    node: FakeNode, person: dict[str, object]
) -> None:
    with partner(node) as client:
        client.persons.create(person)
    assert "getJwks" not in {seen.operation for seen in node.requests}


def test_a_node_without_keys_of_the_other_is_told_to_discover_it(node: FakeNode) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"Client\.discover"):
        partner(node, keys=None)


@pytest.mark.parametrize("keys", [{}, {"keys": "none"}, {"keys": ["none"]}, []])
def test_what_is_no_key_set_is_refused(node: FakeNode, keys: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="no JWK set"):
        partner(node, keys=keys)


@pytest.fixture
def here(clock: StillClock) -> FakeNode:
    """A node on this machine, whose keys a partner may take from itself."""
    return FakeNode("http://127.0.0.1:8080", clock=clock)


def test_a_key_that_a_node_here_published_since_is_found_before_its_answer_is_refused(
    here: FakeNode, person: dict[str, object]
) -> None:
    with partner(here, keys=None) as client:
        client.persons.create(person)
        here.tokens.revoke_all()
        client.persons.create(person)
        client.persons.create(person)
    assert [seen.operation for seen in here.requests].count("getJwks") == 2


def publishing(keys: dict[str, object], otherwise: httpx2.MockTransport) -> httpx2.MockTransport:
    """Return a network in which a node tells these keys, and answers all else as `otherwise` does."""

    def carried(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == KEYS_PATH:
            return httpx2.Response(200, json=keys)
        return otherwise.handle_request(request)

    return httpx2.MockTransport(carried)


def test_a_key_that_a_node_here_never_published_is_not_believed(
    here: FakeNode, clock: StillClock, person: dict[str, object]
) -> None:
    published = here.tokens.public_jwks()
    network = publishing(published, Gateway(here, clock).transport)
    with (
        partner(here, keys=None, transport=network) as client,
        pytest.raises(errors.ProtocolError, match="fits no key"),
    ):
        client.persons.create(person)


def keys_once(node: FakeNode, later: Callable[[httpx2.Request], httpx2.Response]) -> httpx2.MockTransport:
    """Return a network in which a node tells its keys once, and answers as `later` says from then on."""
    asked: list[httpx2.Request] = []

    def carried(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == KEYS_PATH:
            asked.append(request)
        return (later if asked[1:] and asked[-1] is request else node.transport.handle_request)(request)

    return httpx2.MockTransport(carried)


def unreachable(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("no route", request=request)


@pytest.mark.parametrize("later", [unreachable, lambda _: httpx2.Response(503)], ids=["away", "busy"])
def test_who_cannot_find_the_new_key_says_that_the_request_was_sent(
    here: FakeNode, person: dict[str, object], later: Callable[[httpx2.Request], httpx2.Response]
) -> None:
    with partner(here, keys=None, transport=keys_once(here, later)) as client:
        client.persons.create(person)
        here.tokens.revoke_all()
        with pytest.raises(errors.TransportError, match="key set") as caught:
            client.persons.create(person)
    assert caught.value.sent, "what is not safe to repeat is not repeated"


def test_a_node_here_that_publishes_no_key_set_is_not_believed(
    here: FakeNode, person: dict[str, object]
) -> None:
    with (
        partner(here, keys=None, transport=publishing({}, here.transport)) as client,
        pytest.raises(errors.ProtocolError, match="JWK set"),
    ):
        client.persons.create(person)


def test_a_partner_searches_at_a_real_node(sandbox: Path) -> None:
    identity = Profile.load(sandbox).identity("partner.one")
    search = {
        "searchId": new_id("search"),
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "summary",
        "query": QUERY,
    }
    with Client(identity, purpose="searchLiving", legal_basis="consent") as client:
        assert client.searches.create(search)["outcome"] == "noHit"
