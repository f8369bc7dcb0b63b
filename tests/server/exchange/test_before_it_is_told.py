"""Before a family was told of a death, nobody who may not know can tell two worlds apart (CASE-002).

In one world the first of two people was identified as dead, in the other the second; all else is the same.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from mpex_server.audit import leaves
from mpex_server.identifications import repository as identifications
from mpex_server.identifications import service
from mpex_server.kit.ids import new_id
from mpex_server.recalls import outbox
from mpex_server.records import service as records
from mpex_server.searches import service as searches
from mpex_server.tasks import repository as tasks

from tests.databases import Databases
from tests.server.exchange import attempts, two_worlds
from tests.server.exchange.two_worlds import Observed, Player, Scene
from tests.server.world import create_schema

Play = Callable[..., tuple[Observed, Observed]]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return two_worlds.scene(tmp_path_factory.mktemp("worlds"))


@pytest.fixture
def both(scene: Scene, databases: Databases) -> Iterator[Play]:
    """Play both worlds, each in a fresh database of a kind."""
    urls: list[str] = []

    def play(kind: str, probes: Callable[[Player], None]) -> Any:
        urls.extend(databases.fresh(kind, create_schema) for _ in two_worlds.PEOPLE)
        worlds = zip(urls[-2:], two_worlds.PEOPLE, strict=True)
        return tuple(two_worlds.play(scene, url, dead, probes=probes) for url, dead in worlds)

    yield play
    for url in urls:
        databases.drop(url)


def briefly(player: Player) -> None:
    """What a curious observer tries first."""
    attempts.searches(player)
    player.work(hours=1)
    attempts.reads(player, frozenset({"listPersons", "getAccessReport", "listTasks", "listLogEntries"}))


def at_length(player: Player) -> None:
    """Every operation, before and after each is used to write, over some days."""
    attempts.reads(player)
    attempts.searches(player)
    attempts.writes(player)
    player.work(days=4)
    attempts.searches(player)
    attempts.reads(player)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)])
def test_nobody_who_may_not_know_can_tell_who_has_died(both: Play, kind: str) -> None:
    one, other = both(kind, at_length)
    assert one.differences(other) == []
    assert attempts.unasked(one) == set()
    assert len(one.answers) > 200
    assert {answer[1] for answer in one.answers} >= {200, 201, 403, 404}


def test_those_who_may_know_can(both: Play) -> None:
    """The control: the worlds do differ, so that a leak could be seen."""

    def know(player: Player) -> None:
        for role in sorted(two_worlds.KNOW):
            player.ask(role, "GET", "/v1/identifications")

    one, other = both("sqlite", know)
    assert len(one.differences(other)) >= len(two_worlds.KNOW)


def _on_identification(patch: pytest.MonkeyPatch, leak: Callable[[Any, str], object]) -> None:
    """Let something happen to the first person that an identification names."""
    settled = records._settled

    def leaking(ctx: Any, resource: Any, document: Any, *rest: Any) -> Any:
        done = settled(ctx, resource, document, *rest)
        if resource.kind == "identification":
            leak(ctx, document.body["persons"][0])
        return done

    patch.setattr(records, "_settled", leaking)


def _on_candidates(patch: pytest.MonkeyPatch, keep: Callable[[Any, bool], bool]) -> None:
    """Look at the embargo of whatever a partner's search may find."""
    possible = searches._possible

    def looking(work: Any, asked: Any) -> Any:
        return [
            found
            for found in possible(work, asked)
            if keep(work, identifications.is_embargoed(work.conn, found.record.id))
        ]

    patch.setattr(searches, "_possible", looking)


def version(patch: pytest.MonkeyPatch) -> None:
    """The record says the fate at once, and has a new version, tag and time."""
    naming = identifications._naming
    patch.setattr(service, "_may_be_told", lambda *_: True)
    patch.setattr(
        identifications,
        "_naming",
        lambda conn, record: [(name, said, "told") for name, said, _ in naming(conn, record)],
    )


def task(patch: pytest.MonkeyPatch) -> None:
    """The staff at the desk gets a task on the person."""

    def leak(ctx: Any, person: str) -> object:
        return tasks.add(ctx, kind="silentHit", subject=person)

    _on_identification(patch, leak)


def report(patch: pytest.MonkeyPatch) -> None:
    """A report leaves out the notification of the family from that day on."""
    patch.setattr(
        identifications,
        "is_told_dead",
        lambda conn, record: not identifications.is_embargoed(conn, record),
    )


def miss(patch: pytest.MonkeyPatch) -> None:
    """A search does not find the record any more."""
    _on_candidates(patch, lambda _work, embargoed: not embargoed)


def news(patch: pytest.MonkeyPatch) -> None:
    """A partner that asked gets an event."""

    def leak(ctx: Any, person: str) -> object:
        subject = new_id("search")
        return outbox.enqueue(
            ctx,
            partner=f"node:{person.partition(':')[2]}",
            event_type="news",
            subject=subject,
            purpose="searchLiving",
            event={"searchId": subject, "choice": "contact"},
        )

    _on_identification(patch, leak)


def log(patch: pytest.MonkeyPatch) -> None:
    """The log names the person under the pseudonym that the auditor knows from other entries."""

    def leak(ctx: Any, person: str) -> object:
        return leaves.write(
            ctx.conn,
            ctx.keys,
            at=ctx.now_text(),
            event="identification",
            outcome="done",
            actor=ctx.principal.client_id,
            subject=ctx.documents.get(person),
        )

    _on_identification(patch, leak)


def effort(patch: pytest.MonkeyPatch) -> None:
    """A search takes longer for a record under embargo, and answers the same."""

    def twice(work: Any, embargoed: bool) -> bool:
        return not (embargoed and identifications.is_embargoed(work.conn, new_id("person")))

    _on_candidates(patch, twice)


@pytest.mark.parametrize(
    ("leak", "place"),
    [
        (version, "/v1/persons"),
        (task, "GET /v1/tasks"),
        (report, "/access-report"),
        (miss, "POST /v1/searches"),
        (news, "traces in outbox"),
        (log, "GET /v1/log/entries"),
        (effort, "effort for a partner"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_planted_leak_is_found(
    both: Play, monkeypatch: pytest.MonkeyPatch, leak: Callable[[pytest.MonkeyPatch], None], place: str
) -> None:
    leak(monkeypatch)
    one, other = both("sqlite", briefly)
    assert any(place in found for found in one.differences(other))
