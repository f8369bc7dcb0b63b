"""Faults around a node: a full disk and a database that is away are a 503 and lose nothing acknowledged."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from mpex_server.disclosures.work import OwnWork
from mpex_server.settings import Settings
from mpex_server.storage.documents import Documents, VersionConflictError
from mpex_server.storage.engine import make_engine, snapshot, transaction
from mpex_server.upkeep.check import findings
from sqlalchemy.exc import OperationalError

from tests.server.records import samples
from tests.server.world import World

PERSONS = "/v1/persons"
_WRITERS, _EACH = 8, 12


def is_sound(world: World, acknowledged: set[str]) -> bool:
    """Tell whether exactly what was acknowledged is there, each with its entry, and nothing is damaged."""
    world.sequence()
    node = world.node
    with snapshot(node.engine) as conn:
        work = OwnWork(conn, node.keys, world.clock, node.settings)
        stored = {document.id for document in work.documents.listing("person", limit=1000)}
        return (
            stored == acknowledged and world.events().count("write") == len(stored) and not [*findings(work)]
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_a_503_and_loses_nothing(world: World) -> None:
    engine, most = world.node.engine, 0
    made = {samples.made(world, "registrar", PERSONS, samples.person())["recordId"]}

    def limit(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={most}")

    with snapshot(engine) as conn:
        most = conn.exec_driver_sql("PRAGMA page_count").scalar_one() + 6
    sa.event.listen(engine, "connect", limit)
    engine.dispose()
    token = world.token("registrar")
    while (answer := world.call("registrar", "POST", PERSONS, samples.person(), token=token)).is_success:
        made.add(answer.json()["recordId"])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "urn:mpex:problem:unavailable"
    most = 1_000_000
    engine.dispose()
    made.add(samples.made(world, "registrar", PERSONS, samples.person())["recordId"])
    assert is_sound(world, made)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_is_away_is_a_503_and_loses_nothing(
    world: World, settings: Settings, postgres_url: str
) -> None:
    made = {samples.made(world, "registrar", PERSONS, samples.person())["recordId"]}
    name = sa.make_url(settings.database_url).database
    leave = sa.text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name")
    token = world.token("registrar")
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        conn.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        conn.execute(leave, {"name": name})
        answer = world.call("registrar", "POST", PERSONS, samples.person(), token=token)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        with pytest.raises(OperationalError):
            world.sequence()
        conn.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        made.add(samples.made(world, "registrar", PERSONS, samples.person())["recordId"])
        world.together([("GET", "/health/ready", {})] * 4)
        conn.execute(leave, {"name": name})
        # One request meets the connection that the restart has ended; after it all are made anew.
        first = world.call("registrar", "POST", PERSONS, samples.person(), token=token)
        made |= {first.json()["recordId"]} if first.is_success else set()
        for _ in range(4):
            made.add(samples.made(world, "registrar", PERSONS, samples.person())["recordId"])
    assert is_sound(world, made)


def test_no_update_of_eight_simultaneous_writers_is_lost(world: World) -> None:
    record = samples.made(world, "registrar", PERSONS, samples.person())["recordId"]
    keys, clock, settings = world.node.keys, world.clock, world.node.settings

    def write(writer: int) -> int:
        # An engine of its own stands for a process of its own.
        engine, done = make_engine(settings.database_url, settings.node_id, threads=1), 0
        while done < _EACH:
            try:
                with transaction(engine) as conn:
                    documents = Documents(conn, keys, clock)
                    (current,) = documents.many([record])
                    body = current.body | {"count": current.body.get("count", 0) + 1}
                    documents.replace(current, body, reason="unstated", actor=f"writer {writer}")
            except VersionConflictError:
                continue
            done += 1
        engine.dispose()
        return done

    with ThreadPoolExecutor(_WRITERS) as pool:
        assert sum(pool.map(write, range(_WRITERS))) == _WRITERS * _EACH
    with snapshot(world.node.engine) as conn:
        (current,) = Documents(conn, keys, clock).many([record])
        history = Documents(conn, keys, clock).earlier.history(record)
    assert current.body["count"] == current.version - 1 == len(history) == _WRITERS * _EACH


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_requests_than_a_node_can_answer_are_told_to_wait(world: World) -> None:
    limited = world.node.settings.model_copy(update={"requests_at_once": 3})
    object.__setattr__(world.node, "settings", limited)
    token = world.token("registrar")

    def heads() -> dict[str, str]:
        return world.headers("registrar", "GET", PERSONS, token=token)

    asked = [("GET", PERSONS, {"headers": heads()}) for _ in range(12)] + [("GET", "/health/live", {})] * 12
    answers = world.together(asked)
    refused = [answer for answer in answers if answer.status_code == 503]
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert 200 in {answer.status_code for answer in answers[:12]}
    assert {answer.status_code for answer in answers[12:]} == {200}
    # The load has gone, and with it the refusals.
    assert world.call("registrar", "GET", PERSONS, token=token).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_request_that_has_waited_too_long_is_not_begun(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, run, entries = world.token("registrar"), world.node.threads.run, len(world.events())

    def late(*given: Any) -> Any:
        world.clock.advance(timedelta(seconds=3))
        return run(*given)

    monkeypatch.setattr(world.node.threads, "run", late)
    answer = world.call("registrar", "POST", PERSONS, samples.person(), token=token)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    monkeypatch.undo()
    assert len(world.events()) == entries
    assert world.call("registrar", "GET", PERSONS, token=token).json() == {"items": []}
