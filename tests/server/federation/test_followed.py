"""What is kept of logs from look to look, on both databases (TRUST-025)."""

from typing import Any

from mpex_server.disclosures.work import OwnWork
from mpex_server.federation import followed, refresh
from mpex_server.federation.logs import Followed, Reading
from mpex_server.federation.watch import Watch
from mpex_server.storage.engine import transaction

from tests.server.world import World

ABOVE = "https://above.example"


def reading(*entries: dict[str, Any], begins: int = 0) -> Reading:
    """Return what was read of a log with these entries."""
    size = begins + len(entries)
    return Reading(Followed("key", size, "note"), dict(enumerate(entries, begins)))


def watching(world: World) -> Watch:
    with transaction(world.node.engine) as conn:
        return followed.watch(conn, lambda _url: "")


def kept(world: World, watch: Watch) -> dict[str, Followed]:
    """Keep what a look has read of logs, and return what is known of them."""
    node = world.node
    with transaction(node.engine) as conn:
        refresh._keep_logs(OwnWork(conn, node.keys, node.clock, node.settings), watch)
        return followed.known(conn)


def test_a_log_that_cannot_be_kept_undoes_nothing_else(world: World) -> None:
    watch = watching(world)
    watch.readings = {"https://a" + "x" * 400: reading(), ABOVE: reading()}
    assert kept(world, watch)[ABOVE] == Followed("key", 0, "note")
