"""From a node's address to all that one must know, and every reason for which a node is not trusted."""

import asyncio
import gzip
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from mpex_client import AsyncClient, Client
from mpex_client._async import discovery as async_discovery
from mpex_client._sync import discovery
from mpex_client.discovery import Discovered
from mpex_client.errors import MpexError, ProtocolError, TransportError, TrustError
from mpex_client.testing import FakeNode
from mpex_server.federation.faults import TrustError as Unseen
from mpex_server.federation.mandate import CONFORMANCE
from mpex_spec import root

from tools.generators import trust
from tools.generators._trust_ground import NODE_ID, NOW, Entity, Federation, found, told

NODE = "https://node.example"
CASES = [
    pytest.param(case, id=f"{name}: {case['name']}")
    for name in ("chains", "marks")
    for case in trust.whole(
        json.loads((root() / "vectors" / "trust" / f"{name}.json").read_text(encoding="utf-8"))
    )
    # What makes a partner entry is for nodes to judge, and not for who only asks one.
    if case["shows"] != "TRUST-005" or "partner" in case
]
# The client reads upwards and finds what fails first; a node knows superiors from the lists of its anchors.
UPWARDS = {
    "an anchor with a key that was not chosen": "unvouchedKey",
    "what the anchor says of itself is expired": "expired",
    "an issuer under another anchor": "noAnchor",
}


class Place:
    """What is published in a federation, and the documents of its node, at their addresses."""

    def __init__(self) -> None:
        self.federation = Federation()
        self.node = FakeNode(NODE)
        self.node.node_id = NODE_ID
        self.documents: dict[str, dict[str, Any]] = {}
        self.transport = httpx2.MockTransport(self.answer)
        about = self.federation.node.claims["metadata"]["mpex_node"]
        self.documents["/.well-known/jwks.json"] = about["jwks"]

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
        except Unseen as unseen:
            return httpx2.Response(404 if unseen.reason == "notFound" else 503)

    def found(self) -> Discovered:
        """Discover the node."""
        return Client.discover(NODE, self.federation.chosen, transport=self.transport, clock=lambda: NOW)


class Published(Federation):
    """A federation of which only the documents of a published case are known."""

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__()
        self.case, self.silent, self.chosen = case, set(case["silent"]), case["anchors"]

    def fetch(self, url: str) -> str:
        return found(self.case["published"], self.silent, url)

    def ask(self, url: str, mark: str) -> str:
        return told(self.case["statuses"], self.silent, url, mark)


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_name_is_enough_to_find_everything(place: Place) -> None:
    found = place.found()
    assert (found.url, found.node_id) == (NODE, NODE_ID)
    assert found.token_endpoint == f"{NODE}/oauth/token"
    assert found.jwks == place.documents["/.well-known/jwks.json"]
    assert found.purposes == ("searchLiving",), "what it serves, and has a mandate for"
    assert found.standing is not None
    assert found.standing.chain.path == (NODE, "https://region.example", "https://anchor.example")
    assert found.standing.said["recipientClass"] == "humanitarian"
    assert found.standing.conformance is None
    assert (found.standing.until - NOW).total_seconds() == 12 * 3600


@pytest.mark.parametrize(("of", "counts"), [(NODE_ID, True), (f"node:{'other':a<26}", False)])
def test_a_mark_of_conformance_is_of_a_report_on_the_node_itself(place: Place, of: str, counts: bool) -> None:
    witness, node = place.federation.witness, place.federation.node
    place.federation.anchor.claims["trust_mark_issuers"][CONFORMANCE] = [witness.name]
    node.claims["trust_marks"].append(witness.mark(CONFORMANCE, node.name, report={"nodeId": of}))
    standing = place.found().standing
    assert standing is not None
    assert (standing.conformance is not None) is counts


def test_it_is_the_same_for_asynchronous_programs(place: Place) -> None:
    asked = AsyncClient.discover(
        NODE, place.federation.chosen, transport=httpx2.MockTransport(place.answer), clock=lambda: NOW
    )
    assert asyncio.run(asked).node_id == NODE_ID


def test_nobody_is_asked_whom_no_superior_lists(place: Place) -> None:
    place.federation.node.superiors = ("https://elsewhere.example", place.federation.region.name)
    assert place.found().standing
    assert not [url for url in place.federation.asked if "elsewhere" in url]


@pytest.mark.parametrize("case", CASES)
def test_a_client_finds_what_the_vectors_say(place: Place, case: dict[str, Any]) -> None:
    place.federation = Published(case)
    fault = case.get("fault") or case.get("withoutAccess")
    if fault is None and "partner" in case:
        assert place.found().node_id == NODE_ID
        return
    with pytest.raises(TrustError) as refused:
        place.found()
    expected = fault or {"code": "markMissing", "at": NODE}
    assert refused.value.reason == UPWARDS.get(case["name"], expected["code"])
    if expected["code"] == "markNotActive":
        assert refused.value.entity == expected["at"]


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


@pytest.mark.parametrize(("number", "read"), [(198, True), (199, False)])
def test_a_list_of_more_than_200_intermediates_is_not_read(
    place: Place, monkeypatch: pytest.MonkeyPatch, number: int, read: bool
) -> None:
    below = Entity("https://below.example")
    for each in range(number):
        below.name = f"https://below-{each}.example"
        place.federation.anchor.enrol(below, intermediate=True)
    published = place.federation.published()
    monkeypatch.setattr(place.federation, "published", lambda: published)
    if read:
        assert place.found().standing
        return
    with pytest.raises(TrustError, match="noAnchor"):
        place.found()


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, headers={"Content-Encoding": "gzip"}, content=gzip.compress(b"[]")),
        httpx2.Response(200, content=b" " * (2 * 1024 * 1024 + 1)),
        httpx2.Response(200, content=b"[" * 1_000_000),
    ],
    ids=["compressed", "endless", "nested"],
)
def test_an_unsound_answer_of_one_intermediate_hides_nobody(place: Place, answer: httpx2.Response) -> None:
    aside = below(place.federation.anchor, place, "aside")
    deep = below(place.federation.region, place, "deep")
    deep.enrol(place.federation.node)
    place.federation.node.superiors = (deep.name,)
    unsound = list[str]()

    def one_unsound(request: httpx2.Request) -> httpx2.Response:
        url = str(request.url)
        if not url.startswith(f"{aside.name}/list"):
            return place.answer(request)
        unsound.append(url)
        return answer

    place.transport = httpx2.MockTransport(one_unsound)
    found = place.found()
    assert found.standing is not None
    assert found.standing.chain.path[1:] == (deep.name, "https://region.example", "https://anchor.example")
    assert len(unsound) == 1


def test_nobody_is_asked_for_a_list_who_is_not_needed(place: Place) -> None:
    assert place.found().standing
    lists = [url for url in place.federation.asked if "/list" in url]
    assert len(lists) == 1
    assert lists[0].startswith(f"{place.federation.anchor.name}/")


def below(superior: Entity, place: Place, name: str) -> Entity:
    """Let somebody enrol a new intermediate."""
    entity = Entity(f"https://{name}.example", (superior.name,))
    place.federation.entities.append(entity)
    superior.enrol(entity, intermediate=True)
    return entity


def test_what_is_nested_without_end_is_no_document() -> None:
    nested = httpx2.MockTransport(lambda _request: httpx2.Response(200, content=b"[" * 1_000_000))
    with pytest.raises(ProtocolError):
        Client.discover(NODE, {}, transport=nested)


@pytest.fixture
def dribbling() -> Iterator[str]:
    """Yield the address of a server that sends a byte of a field now and then, and never an end."""
    ended = Event()
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as pool:

        def dribble() -> None:
            while not ended.is_set():
                with suppress(OSError), server.accept()[0] as caller:
                    caller.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                    for _ in range(200):
                        ended.wait(0.05)
                        caller.sendall(b"x")

        pool.submit(dribble)
        host, port = server.getsockname()
        yield f"http://{host}:{port}"
        ended.set()
        socket.create_connection((host, port)).close()


def test_who_sends_its_fields_byte_by_byte_holds_nobody_up(
    dribbling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (discovery, async_discovery):
        monkeypatch.setattr(module, "_LONGEST_ASK_SECONDS", 0.3)
    with pytest.raises(TransportError, match="did not come in time"):
        Client.discover(dribbling, {})
    with pytest.raises(TransportError, match="did not come in time"):
        asyncio.run(AsyncClient.discover(dribbling, {}))


def test_discovery_ends_whoever_answers_slowly(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    time = iter(range(0, 10_000, 30))
    monkeypatch.setattr(discovery, "seconds", lambda: float(next(time)))
    with pytest.raises(TransportError, match="no time left"):
        place.found()
    assert next(time) <= 300


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
