"""Calls to partners: only where the registry says, never further, and never without bound."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn

import httpcore2
import httpx2
import pytest
from mpex_server.kit.clock import ManualClock
from mpex_server.peers import guard
from mpex_server.peers import wire as wires
from mpex_server.peers.errors import UnreachableError, UnsoundAnswerError
from mpex_server.peers.guard import ForbiddenAddressError
from mpex_server.peers.wire import Answer, Wire

from tests.certificates import certify
from tests.server.world import START


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that somebody would have connected to; nobody answers there."""
    addresses: list[str] = []

    def connect(_plain: Any, host: str, *_: Any) -> NoReturn:
        addresses.append(host)
        raise httpcore2.ConnectError

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    return addresses


def tried(url: str, *, sandbox: bool) -> None:
    """Call an address at which nobody answers, or that may not be called."""
    wire = Wire(sandbox=sandbox, clock=ManualClock(START))
    with pytest.raises(UnreachableError):
        wire.send("GET", url, headers={})
    wire.close()


@pytest.mark.parametrize("url", ["https://127.0.0.1:8443", "http://127.0.0.1:8080", "https://[::1]"])
def test_loopback_is_for_sandboxes(url: str, called: list[str]) -> None:
    tried(url, sandbox=False)
    assert called == []
    tried(url, sandbox=True)
    assert [ip_address(place) for place in called] == [ip_address(httpx2.URL(url).host)]


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
        "https://127.0.0.1/#a",
        "https://[::1",
        "https://127.0.0.1:port",
        "https://127.0.0.1:99999",
        "https://a..b",
        "https://" + "a" * 70 + ".example",
        "",
    ],
)
def test_private_and_odd_addresses_are_never_called(url: str, called: list[str]) -> None:
    tried(url, sandbox=True)
    assert called == []


def test_an_address_names_a_host() -> None:
    with pytest.raises(ForbiddenAddressError):
        guard.check("https:///x", sandbox=True)


@pytest.mark.parametrize("url", ["https://8.8.8.8", "https://[2606:4700::1]", "https://[64:ff9b::8.8.8.8]"])
def test_public_addresses_are_called(url: str, called: list[str]) -> None:
    tried(url, sandbox=False)
    assert [ip_address(place) for place in called] == [ip_address(httpx2.URL(url).host)]


def resolved(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let each look-up of a name find the next addresses; an address is its own."""
    coming = iter(answers)

    def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = [host] if host[0].isdigit() else next(coming)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_name_is_looked_up_once_and_its_address_called_that_was_judged(
    monkeypatch: pytest.MonkeyPatch, called: list[str]
) -> None:
    """Whoever answers for a name may answer the next time with an address inside the network of the node."""
    resolved(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    tried("https://partner.example", sandbox=False)
    assert called == ["8.8.8.8"]


def test_all_addresses_of_a_name_are_judged_and_four_of_them_tried(
    monkeypatch: pytest.MonkeyPatch, called: list[str]
) -> None:
    resolved(monkeypatch, ["8.8.8.8", "10.0.0.1"], [f"8.8.8.{last}" for last in range(9)])
    tried("https://partner.example", sandbox=False)
    assert called == []
    tried("https://partner.example", sandbox=False)
    assert called == ["8.8.8.0", "8.8.8.1", "8.8.8.2", "8.8.8.3"]


def test_the_certificate_is_judged_by_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The address that was judged is in the certificate as well, and counts for nothing."""
    authority = certify(tmp_path)
    monkeypatch.setattr(wires, "_trusted", lambda: ssl.create_default_context(cadata=authority))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "node.pem", tmp_path / "node.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server):
        resolved(monkeypatch, ["127.0.0.1"], ["127.0.0.1"])
        tried(f"https://partner.example:{server.server_port}", sandbox=True)
        wire = Wire(sandbox=True, clock=ManualClock(START))
        assert wire.send("GET", f"https://localhost:{server.server_port}/host", headers={}).body == (
            f"localhost:{server.server_port}".encode()
        )
        wire.close()


@pytest.fixture
def certified(tmp_path: Path) -> tuple[str, ssl.SSLContext]:
    """Return the authority of a certificate for loopback, and a server's context with the certificate."""
    authority, context = certify(tmp_path), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "node.pem", tmp_path / "node.key")
    return authority, context


def secured(context: ssl.SSLContext) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def test_a_certificate_of_an_unknown_authority_is_refused(certified: tuple[str, ssl.SSLContext]) -> None:
    server = secured(certified[1])
    with serving(server):
        tried(f"https://localhost:{server.server_port}", sandbox=True)


# An old protocol is what this test is about, and the library warns of it.
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_an_older_protocol_than_tls_1_2_is_refused(
    version: ssl.TLSVersion, certified: tuple[str, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = certified
    judging = wires._trusted.__wrapped__()
    judging.load_verify_locations(cadata=authority)
    monkeypatch.setattr(wires, "_trusted", lambda: judging)
    for side in (context, judging):
        side.set_ciphers("DEFAULT:@SECLEVEL=0")  # else the library leaves old protocols out by itself
    context.minimum_version = context.maximum_version = version
    server = secured(context)
    url = f"https://localhost:{server.server_port}"
    with serving(server):
        if version < ssl.TLSVersion.TLSv1_2:
            tried(url, sandbox=True)
            judging.minimum_version = ssl.TLSVersion.TLSv1_1
        wire = Wire(sandbox=True, clock=ManualClock(START))
        assert wire.send("GET", url, headers={}).status == 200
        wire.close()


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
        if self.path == "/header":
            self._say_slowly()
        if self.path == "/compressed":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        body = {"/endless": b"x" * 3_000_000, "/list": b"[]", "/broken": b'{"a":1,"a":2}'}
        body["/host"] = self.headers["Host"].encode()
        self.wfile.write(body.get(self.path, b"{}   "))

    def _say_slowly(self) -> None:
        """Send a header in pieces that come one by one, until nobody listens any more."""
        with suppress(OSError):
            for _ in range(20):
                self.send_header("X-More", "of it")
                self.flush_headers()
                time.sleep(0.02)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """Let a server answer."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


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


@pytest.mark.parametrize("path", ["/endless", "/header"])
def test_an_answer_that_takes_too_long_is_given_up(address: str, path: str) -> None:
    class Hurrying(ManualClock):
        def monotonic(self) -> float:
            self._monotonic += 20
            return self._monotonic

    wire = Wire(sandbox=True, clock=Hurrying(START))
    with pytest.raises(UnreachableError):
        wire.send("GET", address + path, headers={})
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
