"""What those who vouch have decided, as the operator of a node reads it, and begins to read it again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mpex_server.federation import followed, repository
from mpex_server.federation.logs import Followed, Reading
from mpex_server.storage.engine import transaction

from tests.server.commands.calls import engine_of, reasons, refused, run

ABOVE, GAMMA, AT = "https://above.example", "https://gamma.example", "2026-11-22T10:00:00Z"


def read(node: Path, key: str, *entries: dict[str, Any]) -> None:
    """Let a node have read a log with these entries."""
    engine = engine_of(node)
    with transaction(engine) as conn:
        reading = Reading(Followed(key, len(entries)), dict(enumerate(entries)))
        followed.keep(conn, ABOVE, None, reading, at=datetime(2026, 11, 22, tzinfo=UTC))
    engine.dispose()


def choose(node: Path) -> None:
    """Let a node have chosen an anchor that it has just read."""
    engine = engine_of(node)
    with transaction(engine) as conn:
        repository.choose(conn, ABOVE, {"keys": []}, at="2999-01-01T00:00:00Z")
    engine.dispose()


def due(node: Path) -> bool:
    """Tell whether anchors are due to be read."""
    engine = engine_of(node)
    with transaction(engine) as conn:
        found = repository.claim(conn, now="2998-01-01T00:00:00Z", until="2999-01-01T00:00:00Z")
    engine.dispose()
    return found


def test_the_operator_reads_what_was_decided_and_begins_again(node: Path, above: Path) -> None:
    key = run("anchor", "log-key", "--dir", above).strip()
    said = {"at": AT, "entity": GAMMA}
    enrolled = said | {"reason": "entityEnrolled", "keys": ["one", "two"]}
    given = said | {"reason": "markGiven", "mark": "mark:a", "markType": "\x1b[2J"}
    assert "has read no log" in refused("trust", "log", "--dir", node, ABOVE)
    assert "has read no log" in refused("trust", "follow", "--dir", node, ABOVE, key)
    read(node, key, {"at": AT}, enrolled, given, said | {"reason": "other"})
    told = run("trust", "log", "--dir", node, ABOVE, "--since", "1").splitlines()
    assert told[:3] == [
        f"1  {AT}  vouches for {GAMMA} with the keys one two",
        f"2  {AT}  gave {GAMMA} the mark ?[2J (mark:a)",
        f"3  {AT}  decided something else about {GAMMA}",
    ]
    assert "--since 4" in told[3]
    assert "is no" in refused("trust", "follow", "--dir", node, ABOVE, "key")
    run("trust", "follow", "--dir", node, ABOVE, key, "--dry-run")
    assert reasons(node) == []
    choose(node)
    assert not due(node)
    run("trust", "follow", "--dir", node, ABOVE, key)
    assert due(node), "what a look under way has read counts for nothing"
    assert reasons(node) == ["logBegunAgain"]
    assert len(run("trust", "log", "--dir", node, ABOVE).splitlines()) == 1
