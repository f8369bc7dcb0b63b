"""The proxy of the runbook: requests and answers pass it unchanged, and it writes nothing of them down."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import orjson
import pytest
from mpex_server.kit.ids import new_id
from mpex_server.kit.strict_json import MAX_BYTES
from mpex_server.peers import messages
from mpex_server.setup import serve
from mpex_spec.message_signatures import Response

from tests.server import contract, signing
from tests.server.exchange.behind import EXAMPLE, NodeBehind, Proxy
from tests.server.exchange.live import until
from tests.server.exchange.town import search
from tests.server.records import samples
from tests.server.world import Identity, partner_entry
from tools import nginx, ports

_PERSONS = "/v1/persons"
_SEARCHES = "/v1/searches"
_NOBODY = f"{_PERSONS}/person:{'a' * 26}"
_MARK = "Fictia-Planted"
_FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "other.example",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;proto=http;host=other.example",
}


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Proxy:
    return Proxy(tmp_path_factory.mktemp("nginx") / "proxy")


@pytest.fixture(scope="module")
def node(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeBehind]:
    """A node and its proxy, which answers before the node does."""
    node = NodeBehind(tmp_path_factory.mktemp("behind") / "node", proxy)
    node.identities["one"] = Identity(new_id("node"))
    node.enter(partner_entry(node.identities["one"]))
    with nginx.running(proxy.folder, proxy.server(node.port)):
        node.start()
        yield node
        node.close()


def test_a_proof_names_the_address_of_the_proxy_whatever_a_client_says_of_itself(node: NodeBehind) -> None:
    made = node.call("registrar", "POST", _PERSONS, samples.person(), headers=_FORGED)
    contract.judge("POST", _PERSONS, made)
    assert made.status_code == 201
    path = f"{_PERSONS}/{made.json()['recordId']}"
    read = node.call("registrar", "GET", path, headers=_FORGED)
    assert read.json() == made.json()
    assert read.headers["etag"] == made.headers["etag"]
    # What a path spells otherwise is passed as it came, for the node to judge.
    assert node.call("registrar", "GET", path.replace(":", "%3A")).status_code == 200
    unchanged = node.call("registrar", "GET", path, headers={"If-None-Match": read.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    token = node.token("registrar")
    direct = {**node.headers("registrar", "GET", path, token=token), "Host": "127.0.0.1"}
    direct["DPoP"] = node.proof(
        node.identities["registrar"], "GET", path, token, htu=f"http://127.0.0.1:{node.port}{path}"
    )
    assert node.raw("GET", path, headers=direct).status_code == 401
    assert b"203.0.113.9" not in (node.folder / "output").read_bytes()


def test_the_signatures_of_a_partner_and_of_the_node_pass(node: NodeBehind) -> None:
    answer = node.call("one", "POST", _SEARCHES, search(), headers=_FORGED)
    contract.judge("POST", _SEARCHES, answer)
    assert answer.status_code == 200
    said = Response(answer.status_code, answer.headers, answer.content, signing.message(answer.request))
    messages.check(said, node.entry["jwks"], node.now())


def test_the_size_of_an_answer_passes_unchanged(node: NodeBehind) -> None:
    answer = node.call("registrar", "GET", _NOBODY, headers={"Accept-Encoding": "gzip"})
    contract.judge("GET", _NOBODY, answer)
    assert (answer.status_code, len(answer.content) % 4096) == (404, 0)
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-length"] == str(len(answer.content))


def test_a_body_passes_up_to_what_the_node_takes_and_never_touches_the_disk(
    node: NodeBehind, proxy: Proxy
) -> None:
    before = _used(proxy.folder)
    body = {"type": _MARK * (MAX_BYTES // len(_MARK) - 2)}
    refused = node.call("registrar", "POST", _PERSONS, body)
    contract.judge("POST", _PERSONS, refused)
    assert refused.status_code == 422
    chunks = _pieces(orjson.dumps(body), 1000)
    head = node.headers("registrar", "POST", _PERSONS) | {"Content-Type": "application/json"}
    in_chunks = node.raw("POST", _PERSONS, content=chunks, headers=head | {"Idempotency-Key": "k" * 22})
    assert in_chunks.json()["errors"] == refused.json()["errors"]
    larger = node.call("registrar", "POST", _PERSONS, body | {"more": _MARK * 2})
    contract.judge("POST", _PERSONS, larger)
    assert (larger.status_code, larger.json()["type"]) == (413, "urn:mpex:problem:bodyTooLarge")
    assert _used(proxy.folder) == before


def test_a_head_without_end_is_refused_before_the_node(node: NodeBehind, proxy: Proxy) -> None:
    answer = node.raw("GET", f"{_PERSONS}?{_MARK}=1", headers={"Field": _MARK * 4000})
    assert answer.status_code == 400
    assert _MARK.encode() not in answer.content
    assert _written(proxy.folder) == b""


def test_a_node_that_is_away_or_silent_is_a_503_and_nobody_is_named(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path / "proxy")
    with nginx.running(proxy.folder, proxy.server(ports.free(), client_header_timeout="300ms")):
        with proxy.client() as http:
            until(lambda: _answered(http))
            answer = http.post(f"{_PERSONS}?{_MARK}=1", json={"names": _MARK})
        contract.judge("POST", _PERSONS, answer)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["type"] == "urn:mpex:problem:unavailable"
        began = time.monotonic()
        with proxy.connect() as connection:
            connection.sendall(f"GET {_PERSONS} HTTP/1.1\r\nField: {_MARK}".encode())
            assert connection.recv(1) == b""
        assert time.monotonic() - began < 20
    assert _written(proxy.folder) == b""


def test_what_the_example_says_fits_the_node() -> None:
    """A connection is left before the node closes it, and only the newest TLS is spoken."""
    assert f"keepalive_timeout {serve._IDLE_SECONDS - 1}s;" in EXAMPLE
    assert f"client_max_body_size {MAX_BYTES >> 20}m;" in EXAMPLE


def _answered(http: httpx2.Client) -> bool:
    with suppress(httpx2.HTTPError):
        return bool(http.get("/health/live"))
    return False


def _pieces(content: bytes, size: int) -> Iterator[bytes]:
    """Yield a body piece by piece, so that its length is not told before."""
    return (content[start : start + size] for start in range(0, len(content), size))


def _used(folder: Path) -> dict[str, int]:
    """Tell when something was last put into a folder of what nginx could not hold in memory."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*_temp")}


def _written(folder: Path) -> bytes:
    """Return what nginx has written down of its requests."""
    return b"".join(path.read_bytes() for path in folder.glob("*.log"))
