"""Calls to partners: only where the registry says, never further, and never without bound."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from mpex_server.kit.clock import ManualClock
from mpex_server.peers import guard
from mpex_server.peers.errors import UnreachableError, UnsoundAnswerError
from mpex_server.peers.wire import Answer, Wire

from tests.server.world import START


@pytest.mark.parametrize("url", ["https://127.0.0.1:8443", "http://127.0.0.1:8080", "https://[::1]"])
def test_loopback_is_for_sandboxes(url: str) -> None:
    guard.check(url, sandbox=True)
    with pytest.raises(guard.ForbiddenAddressError):
        guard.check(url, sandbox=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1",
        "https://192.168.1.1",
        "https://169.254.169.254",
        "https://[fe80::1]",
        "https://[::ffff:10.0.0.1]",
        "https://0.0.0.0",
        "https://224.0.0.1",
        "https://[ff0e::1]",
        "https://[64:ff9b::10.0.0.1]",
        "https://[64:ff9b:1::10.0.0.1]",
        "https://[2002:a00:1::1]",
        "https://[::127.0.0.1]",
        "https://[fec0::1]",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://user:word@127.0.0.1",
        "https://127.0.0.1/?a=b",
        "https://[::1",
        "https://127.0.0.1:port",
        "https://127.0.0.1:99999",
        "https://a..b",
        "https://" + "a" * 70 + ".example",
        "",
    ],
)
def test_private_and_odd_addresses_are_never_called(url: str) -> None:
    with pytest.raises(guard.ForbiddenAddressError):
        guard.check(url, sandbox=True)


@pytest.mark.parametrize("url", ["https://8.8.8.8", "https://[2606:4700::1]", "https://[64:ff9b::8.8.8.8]"])
def test_public_addresses_are_called(url: str) -> None:
    guard.check(url, sandbox=False)


class _Odd(BaseHTTPRequestHandler):
    """Answers in ways that a node never does."""

    def do_GET(self) -> None:
        """Serve one request by its path."""
        if self.path == "/elsewhere":
            self.send_response(307)
            self.send_header("Location", "/target")
            self.end_headers()
            return
        self.send_response(200)
        if self.path == "/compressed":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        body = {"/endless": b"x" * 3_000_000, "/list": b"[]", "/broken": b'{"a":1,"a":2}'}
        self.wfile.write(body.get(self.path, b"{}   "))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire(sandbox=True, clock=ManualClock(START))
    yield wire
    wire.close()


def test_redirects_are_not_followed(wire: Wire, address: str) -> None:
    assert wire.send("GET", f"{address}/elsewhere", headers={}).status == 307


def test_an_endless_answer_is_cut_off(wire: Wire, address: str) -> None:
    with pytest.raises(UnsoundAnswerError):
        wire.send("GET", f"{address}/endless", headers={})


def test_an_answer_that_takes_too_long_is_given_up(address: str) -> None:
    class Hurrying(ManualClock):
        def monotonic(self) -> float:
            self._monotonic += 20
            return self._monotonic

    wire = Wire(sandbox=True, clock=Hurrying(START))
    with pytest.raises(UnreachableError):
        wire.send("GET", f"{address}/endless", headers={})
    wire.close()


def test_a_compressed_answer_is_refused_before_it_grows(wire: Wire, address: str) -> None:
    with pytest.raises(UnsoundAnswerError):
        wire.send("GET", f"{address}/compressed", headers={})


def test_padding_is_no_part_of_an_answer(wire: Wire, address: str) -> None:
    assert wire.send("GET", address, headers={}).json() == {}


@pytest.mark.parametrize("path", ["/list", "/broken"])
def test_only_strict_json_objects_are_answers(wire: Wire, address: str, path: str) -> None:
    answer = wire.send("GET", address + path, headers={})
    assert isinstance(answer, Answer)
    with pytest.raises(UnsoundAnswerError):
        answer.json()


def test_nobody_there_is_unreachable(wire: Wire) -> None:
    with pytest.raises(UnreachableError):
        wire.send("GET", "http://127.0.0.1:9", headers={})


def test_a_node_outside_a_sandbox_does_not_call_loopback(address: str) -> None:
    wire = Wire(sandbox=False, clock=ManualClock(START))
    with pytest.raises(UnreachableError):
        wire.send("GET", address, headers={})
    wire.close()
