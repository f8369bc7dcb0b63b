"""Bodies made to exhaust a node: each is refused for what it is, and the memory of its process is bounded."""

import gzip
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.server.exchange.live import LiveNode
from tests.server.exchange.process_memory import forget, peak
from tests.server.records import samples

_PERSONS = "/v1/persons"
_GIGABYTE, _PIECE = 2**30, b" " * 2**16
# A body of one mebibyte can be a hundred thousand members, of which errors of the schema hold copies.
_MAY_GROW = 200 * 2**20
_MAY_READ = 32 * 2**20
_BEGIN = b'{"type":"soughtPerson","x":'


@pytest.fixture
def node(tmp_path: Path) -> Iterator[LiveNode]:
    node = LiveNode(tmp_path / "node", "node", "humanitarian")
    node.start()
    yield node
    node.close()


def _streamed(node: LiveNode, path: str, headers: dict[str, str], size: int) -> tuple[int, int]:
    """Send a body until the node answers and closes; return the status and how much it let itself be sent."""
    head = {"Host": "node", "Content-Length": str(size), "Content-Type": "application/json", **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", node.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        with suppress(ConnectionError, TimeoutError):
            while sent < size:
                sent += connection.send(_PIECE)
        with suppress(ConnectionError, TimeoutError):
            answer = connection.recv(4096)
    return int(answer[9:12] or 0), sent


def test_bodies_made_to_exhaust_are_refused_with_bounded_memory(node: LiveNode) -> None:
    token = node.token("registrar")
    samples.made(node, "registrar", _PERSONS, samples.person())
    assert node.process is not None
    process = int(node.process.pid or 0)
    before = peak(process)
    forget(process)
    for path, headers, status in (
        (_PERSONS, {}, 401),
        ("/oauth/token", {"Content-Type": "application/x-www-form-urlencoded"}, 413),
        (_PERSONS, node.headers("registrar", "POST", _PERSONS, token=token), 413),
    ):
        answered, sent = _streamed(node, path, headers, _GIGABYTE)
        assert answered in {status, 0}, path
        assert sent < _MAY_READ, path
    for what, (body, coding, refused) in _hostile().items():
        headers = node.headers("registrar", "POST", _PERSONS, token=token)
        headers |= {"Content-Type": "application/json", "Idempotency-Key": "a-hostile-body-of-the-tests"}
        answer = node.raw("POST", _PERSONS, content=body, headers=headers | coding)
        assert samples.refusal(answer) == refused, what
        assert len(answer.content) < 4096, what
    assert peak(process) - before < _MAY_GROW
    samples.made(node, "registrar", _PERSONS, samples.person())


def _names(number: int) -> bytes:
    return b"{" + b",".join(b'"%x":0' % each for each in range(number)) + b"}"


def _hostile() -> dict[str, tuple[bytes, dict[str, str], tuple[int, str]]]:
    malformed, limit, unfit = (400, "malformedJson"), (400, "limitExceeded"), (422, "schemaViolation")
    large, coded = (413, "bodyTooLarge"), (415, "unsupportedMediaType")
    bodies = {
        "depth of a hundred thousand": (b"[" * 100_000, malformed),
        "depth of a hundred thousand, closed": (b"[" * 100_000 + b"]" * 100_000, malformed),
        "objects in objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, malformed),
        "depth just beyond": (_BEGIN + b"[" * 16 + b"]" * 16 + b"}", limit),
        "a duplicate key": (_BEGIN + b'1,"x":1}', malformed),
        "half a million duplicate keys": (b"{" + b",".join([b'"":0'] * 150_000) + b"}", malformed),
        "a lone surrogate": (_BEGIN + b'"\\ud800"}', malformed),
        "bytes of no character": (_BEGIN + b'"\xed\xa0\x80"}', malformed),
        "a million members": (b"[" + b"0," * 1_000_000 + b"0]", large),
        "half a million members": (b"[" + b"0," * 500_000 + b"0]", limit),
        "eighty thousand names": (_names(80_000), limit),
        "a thousand names": (_names(1_000), unfit),
        "a huge integer": (_BEGIN + b"9" * 1_000_000 + b"}", malformed),
        "a huge exponent": (_BEGIN + b"1e" + b"9" * 1_000 + b"}", malformed),
        "a character that ends texts": (_BEGIN + b'"\\u0000"}', malformed),
        "XML with entities": (b'<!DOCTYPE p [<!ENTITY a "aaaa">]><p>&a;</p>', malformed),
    }
    zipped = gzip.compress(b" " * 2**26)
    found: dict[str, tuple[bytes, dict[str, str], tuple[int, str]]]
    found = {what: (body, {}, refused) for what, (body, refused) in bodies.items()}
    for coding in ("gzip", "deflate", "br", "gzip, gzip"):
        found[f"a bomb in {coding}"] = (zipped, {"Content-Encoding": coding}, coded)
    return found
