"""What is kept of logs from look to look, on both databases (TRUST-025, TRUST-026, TRUST-028)."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from mpex_server.disclosures.work import OwnWork
from mpex_server.federation import followed, logs, refresh, watch
from mpex_server.federation.faults import TrustError
from mpex_server.federation.logs import Followed, Reading
from mpex_server.federation.watch import Watch
from mpex_server.kit.clock import instant
from mpex_server.storage.engine import transaction

from tests.server.world import World

ABOVE, GAMMA, MARK = "https://above.example", "https://gamma.example", "urn:mpex:mark:conformance"
KEY = "k" * 43
FORKED = TrustError("logForked", ABOVE, "its log is shorter than it was")


def enrolled(entity: str) -> dict[str, Any]:
    return {"reason": "entityEnrolled", "entity": entity, "keys": [KEY]}


def withdrawn(entity: str) -> dict[str, Any]:
    return {"reason": "entityWithdrawn", "entity": entity}


def given(mark: str, at: str) -> dict[str, Any]:
    return {"reason": "markGiven", "entity": GAMMA, "mark": mark, "markType": MARK, "at": at}


def now(world: World) -> str:
    return instant(world.clock.now())


def reading(*entries: dict[str, Any], begins: int = 0) -> Reading:
    """Return what was read of a log with these entries."""
    return Reading(Followed("key", begins + len(entries), "note"), dict(enumerate(entries, begins)))


def watching(world: World) -> Watch:
    """Return the watch with which a look begins."""
    with transaction(world.node.engine) as conn:
        return followed.watch(conn, lambda _url: "")


def keep(world: World, watched: Watch) -> dict[str, Followed]:
    """Keep what a look has found of logs, and return what is known of them."""
    node = world.node
    watched.reached |= watched.readings.keys() | watched.faults.keys()
    with transaction(node.engine) as conn:
        refresh._keep_logs(OwnWork(conn, node.keys, node.clock, node.settings), watched)
        return followed.known(conn)


def read(world: World, found: Reading, entity: str = ABOVE) -> None:
    """Let a look read a log."""
    watched = watching(world)
    watched.readings[entity] = found
    keep(world, watched)


def decided(world: World) -> list[int]:
    """Return the positions of the decisions that are kept."""
    with transaction(world.node.engine) as conn:
        return list(followed.decisions(conn, ABOVE))


def standing(world: World) -> logs.Standing:
    with transaction(world.node.engine) as conn:
        return followed.standing(conn).get(ABOVE, {})


def test_a_log_that_cannot_be_kept_undoes_nothing_else(world: World) -> None:
    watched = watching(world)
    watched.readings = {"https://a" + "x" * 400: reading(), ABOVE: reading()}
    assert keep(world, watched)[ABOVE].note == "note"


def test_what_has_ended_goes_but_for_the_last(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "LAST_ENDED", 2)
    first = [enrolled("a"), withdrawn("a"), enrolled("b"), enrolled("c"), enrolled("c")]
    read(world, reading(*first))
    assert decided(world) == [1, 2, 3, 4], "c is enrolled by its last entry"
    read(world, reading(withdrawn("b"), begins=5))
    assert decided(world) == [3, 4, 5]
    assert standing(world) == {("entity", "c"): ("entityEnrolled", frozenset((KEY,)))}


def test_a_mark_goes_when_it_must_have_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "LAST_ENDED", 1)
    read(world, reading(given("old", now(world)), given("older", now(world)), withdrawn("a")))
    assert standing(world).keys() == {("mark", "old"), ("mark", "older")}
    world.clock.advance(timedelta(days=368))
    read(world, reading(given("new", now(world)), withdrawn("a"), begins=3))
    assert standing(world).keys() == {("mark", "new")}


def test_a_log_by_which_too_much_stands_is_not_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_STANDING", 2)
    read(world, reading(enrolled("a"), withdrawn("a"), enrolled("b"), enrolled("c")))
    watched = watching(world)
    few = watched._stood(ABOVE, ABOVE, reading(withdrawn("b"), enrolled("d"), begins=4))
    assert isinstance(few, Reading)
    many = watched._stood(ABOVE, ABOVE, reading(enrolled("e"), begins=6))
    assert isinstance(many, TrustError)
    assert many.reason == "malformed"


def test_all_logs_of_a_look_have_room_for_so_much_and_those_of_one_branch_for_a_quarter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_MOST_BYTES", 100)
    watched = watching(world)
    lengths = {"a1": 20, "a2": 6, "a3": 5, "b1": 25, "c1": 26, "c2": 25, "d1": 20, "e1": 6, "e2": 5}
    found = {
        name: watched._stood(name[0], name, Reading(Followed("key"), {}, length))
        for name, length in lengths.items()
    }
    refused = {name: made.reason for name, made in found.items() if isinstance(made, TrustError)}
    assert refused == dict.fromkeys(("a2", "c1", "e1"), "unreachable")


@pytest.mark.parametrize("forked", [False, True])
def test_what_a_look_read_before_the_log_was_begun_again_counts_for_nothing(
    world: World, forked: bool
) -> None:
    read(world, reading(enrolled("a")))
    watched = watching(world)
    with transaction(world.node.engine) as conn:
        followed.begin_again(conn, ABOVE, "other")
    if forked:
        watched.faults[ABOVE] = FORKED
    else:
        watched.readings[ABOVE] = reading(enrolled("b"), begins=1)
    known = keep(world, watched)[ABOVE]
    assert (known.key, known.size, decided(world)) == ("other", 0, [])
    with transaction(world.node.engine) as conn:
        assert followed.fault(conn, ABOVE) is None


def test_what_nobody_reaches_for_a_month_is_forgotten_and_silence_is_not_that(world: World) -> None:
    other = "https://other.example"
    for entity in (ABOVE, other):
        read(world, reading(enrolled("a")), entity)
    for _ in range(2):
        world.clock.advance(timedelta(days=16))
        watched = watching(world)
        watched.faults[ABOVE] = TrustError("unreachable", ABOVE, "nobody answers")
        known = keep(world, watched)
    assert known.keys() == {ABOVE}
    assert decided(world) == [0]
    with transaction(world.node.engine) as conn:
        assert followed.decisions(conn, other) == {}


def test_anchors_are_read_first_and_who_was_silent_last(world: World) -> None:
    """Whatever their names are."""
    anchor, early, late, silent, new = (f"https://{name}.example" for name in "edcba")
    for entity in (silent, early, late):
        read(world, reading(), entity)
        world.clock.advance(timedelta(minutes=1))
    watched = watching(world)
    watched.faults[silent] = TrustError("unreachable", silent, "nobody answers")
    keep(world, watched)
    asked = list[str]()

    def configuration(entity: str) -> None:
        asked.append(entity)
        raise TrustError("unreachable", entity, "nobody answers")

    names = (new, silent, late, early, anchor)
    resolver: Any = SimpleNamespace(
        anchors=frozenset((anchor,)), superiors=set(names), configuration=configuration
    )
    # In one branch, with one thread, the order is that in which they are asked.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mpex_server.federation.asking.AT_ONCE", 1)
        watching(world).read(dict.fromkeys(names, anchor), resolver)
    assert asked[:3] == [anchor, early, late]
    assert set(asked[3:]) == {silent, new}
