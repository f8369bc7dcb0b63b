"""Commands as an operator runs them, and what they leave in the log."""

import json
from pathlib import Path
from typing import Any

from mpex_server.cli import app
from mpex_server.setup import folder
from mpex_server.storage import tables as t
from mpex_server.storage.engine import make_engine, transaction
from sqlalchemy import Engine, select
from typer.testing import CliRunner


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def beside(*arguments: str | Path) -> list[str]:
    """Return what a command says beside its result, line by line."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stderr.splitlines()


def refused(*arguments: str | Path) -> str:
    # What is wrong stands in a box, in which a long path would be broken.
    result = CliRunner(env={"COLUMNS": "1000"}).invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 2, result.output
    return " ".join(result.output.replace("│", " ").split())


def ended(*arguments: str | Path) -> str:
    """Return what a command says that ends with status 1."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert (result.exit_code, "Traceback" in result.output) == (1, False), result.output
    return result.output


def engine_of(node: Path) -> Engine:
    settings = folder.load(node)
    return make_engine(settings.database_url, settings.node_id)


def reasons(node: Path) -> list[str]:
    """Return why each entry of the log was written, in order."""
    return [entry["reason"] for entry in administered(node)]


def decided(above: Path) -> list[tuple[str, ...]]:
    """Return what an anchor decided by its log, in order: what it was, of whom, of which type and mark."""
    said = ("reason", "entity", "markType", "mark")
    return [tuple(entry[name] for name in said if name in entry) for entry in administered(above)]


def administered(node: Path) -> list[dict[str, Any]]:
    """Return the entries of the log on what was administered, in order."""
    engine = engine_of(node)
    with transaction(engine, write=False) as conn:
        bodies = [json.loads(body) for body in conn.scalars(select(t.audit_leaf.c.body))]
    engine.dispose()
    assert {body["actor"] for body in bodies} <= {"operator"}
    return [body for body in bodies if body["event"] == "administration"]


def unlogged(node: Path) -> int:
    """Return how many decisions its log does not show yet."""
    engine = engine_of(node)
    with transaction(engine, write=False) as conn:
        waiting = conn.scalars(select(t.audit_leaf.c.body).where(t.audit_leaf.c.position.is_(None)))
        decided = [body for body in map(json.loads, waiting) if "entity" in body]
    engine.dispose()
    return len(decided)
