"""The benchmark runs against a real node on each database and prints its tables; no time is asserted."""

import math
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from benchmarks import growth, harness, load, messages, rules, run, serving
from benchmarks.peers import beside
from tools import softhsm


class Refusing(BaseHTTPRequestHandler):
    """Answers everything with 401."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_node_is_measured_beside_the_floors(
    tmp_path: Path,
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # On a machine where `make bench` has run, the peers' environment is there.
    monkeypatch.setattr(beside, "PYTHON", tmp_path / "none")
    tiny = serving.Counts(records=6, reads=2, searches=1, imports=1, batch=3, people=2)
    rows = serving.measure(tmp_path, database_url, tiny)
    run.print_serving("Tiny", rows)
    lines = capsys.readouterr().out.splitlines()
    assert [line[:34].strip() for line in lines[1:12]] == [
        "bare read",
        "bare read, token and proof",
        "secured read of a person",
        "token for staff",
        "token for a partner",
        "search by staff",
        "search by a partner",
        "bare write",
        "secured write of a person",
        "import of a person",
        "import of a row",
    ]
    assert all(len(row.cpu) == serving.ROUNDS and min(row.rate) > 0 for row in rows)


def test_the_same_operations_are_measured_at_each_size(
    tmp_path: Path,
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growth, "_BATCH", 10)
    growth.show("database", growth.grow(tmp_path, database_url, (10, 20), 1))
    printed = capsys.readouterr().out
    assert [printed.count(f"database, {size} records") for size in (10, 20)] == [1, 1]
    for operation in ("read a record", "search by a partner", "store a record", "store 10 of an import"):
        assert printed.count(operation) == 2


def test_every_rule_is_measured(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # The benchmark names a folder of tokens that is gone afterwards.
    monkeypatch.setenv(softhsm.CONF, "none")
    run.print_rules(rounds=1, seconds=0.001)
    printed = capsys.readouterr().out
    assert all(case.name in printed for case in (*rules.cases(), *messages.cases()))
    assert printed.count("wrap a key (folder)") == 1
    assert printed.count("wrap a key (token)") == (softhsm.find() is not None)


@pytest.mark.deep
@pytest.mark.alone
def test_a_signed_message_costs_at_most_two_bare_signatures() -> None:
    best = dict[str, float]()
    # In turns: the speed of a machine changes from second to second.
    for case in messages.cases() * 4:
        best[case.name] = min(harness.measure(case).best, best.get(case.name, math.inf))
    assert max(best["sign a request"], best["sign an answer"]) <= 2 * best["sign bare bytes"]
    assert max(best["verify a request"], best["verify an answer"]) <= 2 * best["verify bare bytes"]


def test_a_refusal_ends_the_measurement(refusing: str) -> None:
    with pytest.raises(load.UnexpectedAnswerError, match="401 instead of 200"):
        load.send(refusing, [load.message("GET", "/", {})], 200)
