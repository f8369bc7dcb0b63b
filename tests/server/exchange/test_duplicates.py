"""Duplicate warnings: later, to the staff, and without a trace in the answer to a registration."""

from typing import Any

import pytest
from mpex_server.searches import candidates, duplicates
from mpex_server.storage import tables as t
from mpex_server.storage.engine import is_first, is_sqlite, transaction
from sqlalchemy import select

from tests.server.exchange.town import SECTIONS, made, record
from tests.server.records import samples
from tests.server.world import World

Body = dict[str, Any]
OTHER = SECTIONS | {"names": {"names": [{"text": "Nessuna Personová"}]}, "birth": {"date": "1961-09-28"}}


def warned(world: World) -> list[str]:
    while duplicates.warn(world.node):
        pass
    items = made(world.call("caseWorker", "GET", "/v1/tasks?kind=possibleDuplicate"), 200)["items"]
    return [item["subject"] for item in items]


def test_the_second_record_of_a_person_is_a_task_later(world: World) -> None:
    record(world)
    record(world, sections=OTHER)
    assert warned(world) == []
    again = record(world)
    assert warned(world) == [again]
    assert warned(world) == [again]


def test_an_answer_to_a_registration_tells_nothing_of_another(world: World) -> None:
    def register(sections: Body) -> Any:
        body = samples.person(contributions=[samples.contribution(sections=sections)])
        return world.call("registrar", "POST", "/v1/persons", body)

    first, second = register(SECTIONS), register(SECTIONS)
    assert (first.status_code, len(first.content)) == (second.status_code, len(second.content))
    assert first.headers.keys() == second.headers.keys()
    assert first.json().keys() == second.json().keys()


def test_a_pair_that_is_not_the_same_is_no_warning(world: World) -> None:
    first, second = record(world), record(world)
    made(world.call("caseWorker", "POST", "/v1/matches", samples.match(first, second, "notSame")))
    assert warned(world) == []


def test_what_is_out_of_use_and_what_is_of_another_kind_is_no_duplicate(world: World) -> None:
    record(world, status="restricted")
    record(world, type="foundAlive")
    record(world)
    assert warned(world) == []
    with transaction(world.node.engine) as conn:
        assert conn.execute(select(t.duplicate_check)).all() == []


def test_nobody_who_writes_waits_for_the_search(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = record(world), record(world)
    search = candidates.scored

    def slow(*given: Any, **named: Any) -> Any:
        with transaction(world.node.engine) as conn:
            conn.execute(t.duplicate_check.delete().where(t.duplicate_check.c.document_id == first))
        return search(*given, **named)

    monkeypatch.setattr(duplicates, "scored", slow)
    assert warned(world) == [second]


def test_one_process_searches_at_a_time(world: World) -> None:
    record(world)
    with transaction(world.node.engine, write=False) as conn:
        if not is_sqlite(conn):
            assert is_first(conn, "duplicates")
            assert duplicates.warn(world.node) == 0
    assert duplicates.warn(world.node) == 1
