"""An act and its log entry are there together or not at all, wherever a node dies (decision 0006)."""

from typing import Any

import pytest
from mpex_server.http import idempotency, runner

from tests.server.records import samples
from tests.server.world import World

PERSONS = "/v1/persons"


class CrashError(RuntimeError):
    """The node dies here."""


def crash(*_args: Any) -> Any:
    raise CrashError


def written(world: World) -> int:
    return world.events().count("write")


def test_a_crash_between_act_and_commit_leaves_neither_act_nor_entry(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, key = samples.person(), "a" * 22
    with monkeypatch.context() as broken:
        # The last step inside the transaction: the record and its entry are written, and not committed.
        broken.setattr(idempotency, "settle", crash)
        assert world.call("registrar", "POST", PERSONS, body, key=key).status_code == 500
    assert world.call("registrar", "GET", PERSONS).json()["items"] == []
    assert written(world) == 0
    assert world.call("registrar", "POST", PERSONS, body, key=key).status_code == 201
    assert written(world) == 1


def test_a_crash_between_commit_and_response_leaves_act_and_entry_and_a_repetition_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, key = samples.person(), "b" * 22
    with monkeypatch.context() as broken:
        # The first step behind the transaction.
        broken.setattr(runner, "_not_modified", crash)
        assert world.call("registrar", "POST", PERSONS, body, key=key).status_code == 500
    assert written(world) == 1
    repeated = world.call("registrar", "POST", PERSONS, body, key=key)
    assert repeated.status_code == 201
    (kept,) = world.call("registrar", "GET", PERSONS).json()["items"]
    assert kept["recordId"] == repeated.json()["recordId"]
    assert written(world) == 1
