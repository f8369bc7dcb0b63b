"""From a node's address to all that one must know, and every reason for which a node is not trusted."""

import asyncio
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from mpex_client import AsyncClient, Client
from mpex_client.discovery import Discovered
from mpex_client.errors import MpexError, ProtocolError, TrustError
from mpex_client.ids import new_id
from mpex_client.testing import FakeNode
from mpex_server.federation.faults import TrustError as Unseen

from tests.server.federation.ground import MANDATE, NO_ENFORCEMENT, NOW, Federation
from tests.server.federation.test_trust import REFUSED, UNMARKED

NODE, NODE_ID = "https://node.example", new_id("node")
SAID = {
    "nodeId": NODE_ID,
    "recipientClass": "humanitarian",
    "purposes": ["searchLiving", "familyReunification"],
}


class Attested(Federation):
    """A federation in which the mandate of the node is written out."""

    def show(self) -> None:
        self.node.claims["trust_marks"] = [
            self.region.mark(MANDATE, NODE, mandate=SAID),
            self.witness.mark(NO_ENFORCEMENT, NODE),
        ]


class Place:
    """A federation and the documents of its node, at their addresses."""

    def __init__(self) -> None:
        self.federation = federation = Attested()
        self.node = FakeNode(NODE)
        self.node.node_id = NODE_ID
        self.documents: dict[str, dict[str, Any]] = {}
        self.transport = httpx2.MockTransport(self.answer)
        about = {"nodeId": NODE_ID, "name": "Node", "jwks": self.node.tokens.public_jwks()}
        federation.node.claims["metadata"] = {"mpex_node": about}

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Answer as the entity or the node at the address does."""
        url = str(request.url)
        if request.url.path in self.documents:
            return httpx2.Response(200, json=self.documents[request.url.path])
        if url.startswith(NODE) and "openid-federation" not in url:
            return self.node.transport.handle_request(request)
        try:
            if request.method == "POST":
                (mark,) = parse_qs(request.content.decode())["trust_mark"]
                return httpx2.Response(200, text=self.federation.ask(url, mark))
            return httpx2.Response(200, text=self.federation.fetch(url))
        except Unseen:
            return httpx2.Response(503)

    def found(self) -> Discovered:
        """Discover the node."""
        return Client.discover(NODE, self.federation.chosen, transport=self.transport, clock=lambda: NOW)


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_name_is_enough_to_find_everything(place: Place) -> None:
    found = place.found()
    assert (found.url, found.node_id) == (NODE, NODE_ID)
    assert found.token_endpoint == f"{NODE}/oauth/token"
    assert found.jwks == place.node.tokens.public_jwks()
    assert found.purposes == ("searchLiving",), "what it serves, and has a mandate for"
    assert found.standing is not None
    assert found.standing.chain.path == (NODE, "https://region.example", "https://world.example")
    assert found.standing.said["recipientClass"] == "humanitarian"
    assert (found.standing.until - NOW).total_seconds() == 12 * 3600


def test_it_is_the_same_for_asynchronous_programs(place: Place) -> None:
    asked = AsyncClient.discover(
        NODE, place.federation.chosen, transport=httpx2.MockTransport(place.answer), clock=lambda: NOW
    )
    assert asyncio.run(asked).node_id == NODE_ID


def test_nobody_is_asked_whom_no_superior_lists(place: Place) -> None:
    place.federation.node.superiors = ("https://elsewhere.example", place.federation.region.name)
    assert place.found().standing
    assert not [url for url in place.federation.asked if "elsewhere" in url]


def reason(place: Place) -> str:
    with pytest.raises(TrustError) as refused:
        place.found()
    return refused.value.reason


@pytest.mark.parametrize("case", REFUSED)
def test_no_chain(place: Place, case: str) -> None:
    spoil, expected = REFUSED[case]
    spoil(place.federation)
    assert reason(place) == expected


@pytest.mark.parametrize("case", UNMARKED)
def test_no_mark(place: Place, case: str) -> None:
    spoil, expected = UNMARKED[case]
    spoil(place.federation)
    shown = place.federation.node.claims.get("trust_marks")
    if isinstance(shown, list) and len(shown) == 1:
        shown.append(place.federation.region.mark(MANDATE, NODE, mandate=SAID))
    assert reason(place) == expected


def test_both_marks_of_one_organisation_are_one_too_few(place: Place) -> None:
    region = place.federation.region
    place.federation.anchor.claims["trust_mark_issuers"][NO_ENFORCEMENT].append(region.name)
    place.federation.node.claims["trust_marks"][1] = region.mark(NO_ENFORCEMENT, NODE)
    assert reason(place) == "markSameIssuer"


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/.well-known/jwks.json", {"keys": []}),
        ("/.well-known/oauth-protected-resource", {"resource": "https://else.example"}),
        ("/.well-known/oauth-authorization-server", {"issuer": "https://else.example"}),
        ("/.well-known/mpex-node", {"nodeId": "node:else", "specVersion": "1.0-draft"}),
        ("/.well-known/mpex-node", {"specVersion": "9.0"}),
    ],
)
def test_what_a_node_says_must_agree(place: Place, path: str, document: dict[str, Any]) -> None:
    place.documents[path] = document
    with pytest.raises(ProtocolError):
        place.found()


def test_answers_are_bounded_and_not_redirected(place: Place) -> None:
    for answer in (
        httpx2.Response(200, content=b" " * (2 * 1024 * 1024 + 1)),
        httpx2.Response(302, headers={"Location": "https://inside.example/"}),
    ):
        transport = httpx2.MockTransport(lambda _request, answer=answer: answer)
        with pytest.raises(ProtocolError):
            Client.discover(NODE, {}, transport=transport)
    with pytest.raises(MpexError, match="https://"):
        Client.discover("http://node.example", {}, transport=place.transport)
