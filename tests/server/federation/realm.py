"""Nodes and anchors in one process: two regions below one anchor, and somebody else for the second mark."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from mpex_server.anchor import repository as anchors
from mpex_server.anchor import service as anchor
from mpex_server.audit import leaves
from mpex_server.audit.leaves import Vouched
from mpex_server.disclosures.work import OwnWork
from mpex_server.federation import followed, mandate, refresh
from mpex_server.federation import repository as chosen
from mpex_server.federation.asking import Inquiry
from mpex_server.federation.chains import WELL_KNOWN
from mpex_server.keys import open_keys, place_of
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import PURPOSES, Town, partner_search, sought
from tests.server.world import World

Json = dict[str, Any]
WORLD, NORTH, SOUTH, WATCH = "world", "north", "south", "watch"
ALPHA, BETA = "https://alpha.example", "https://beta.example"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ABOVE = {WORLD: (), NORTH: (WORLD,), SOUTH: (WORLD,), WATCH: (WORLD,)}


class Realm(Town):
    """A town whose nodes know one another by a federation."""

    def __init__(self, fresh: Any, folder: Path) -> None:
        super().__init__()
        self._fresh, self._folder = fresh, folder
        for name, above in ABOVE.items():
            self.anchor(name, above)
        for name in (NORTH, SOUTH, WATCH):
            self.enrol(WORLD, name, intermediate=True)
        for name in (NORTH, SOUTH):
            self.accredit(mandate.TRACING, name)
        self.accredit(mandate.NO_ENFORCEMENT, WATCH)

    def anchor(self, name: str, above: tuple[str, ...] = ()) -> World:
        """Build an anchor, or an intermediate below others, that has decided nothing yet."""
        superiors = tuple(f"https://{superior}.example" for superior in above)
        return self.add(name, self._fresh(), self._folder, role="anchor", superiors=superiors)

    def node(self, name: str, region: str, *, marked: bool = True, **members: Any) -> World:
        """Build a node that a region has enrolled and given a mandate, and that has chosen the anchor."""
        world = self.add(
            name, self._fresh(), self._folder, superiors=(f"https://{region}.example",), **members
        )
        self.enrol(region, name)
        said = {"nodeId": world.node.settings.node_id, "recipientClass": "humanitarian", "purposes": PURPOSES}
        self.show(name, region, mandate.TRACING, mandate=said)
        if marked:
            self.show(name, WATCH, mandate.NO_ENFORCEMENT)
        self.choose(name, WORLD)
        return world

    def enrol(self, superior: str, name: str, *, intermediate: bool | None = None) -> None:
        """Let a superior vouch for an entity with the keys that it publishes."""
        text = self.nodes[superior].node.peers.fetch(self.nodes[name].url + WELL_KNOWN)
        with self.working(superior) as work:
            keys = anchor.enrol(work, text, self.nodes[name].url, intermediate=intermediate)
            between = anchors.is_intermediate(work.conn, self.nodes[name].url)
        enrolled = "intermediateEnrolled" if between else "entityEnrolled"
        self.decide(superior, enrolled, Vouched(self.nodes[name].url, keys=keys))

    def accredit(self, kind: str, name: str) -> None:
        """Let an organisation give marks of a type."""
        with self.working(WORLD) as work:
            anchors.accredit(work.conn, kind, self.nodes[name].url)
        self.decide(WORLD, "accredited", Vouched(self.nodes[name].url, kind))

    def show(self, name: str, issuer: str, kind: str, **said: Any) -> None:
        """Let an organisation give a mark, and its node show it."""
        with self.working(issuer) as work:
            node_id, url = self.nodes[name].node.settings.node_id, self.nodes[name].url
            claims = anchor.mark_claims(work, url, kind, days=90, said=said, node_id=node_id)
            token = anchor.give_mark(work, claims)
        self.decide(issuer, "markGiven", Vouched(self.nodes[name].url, kind, claims["jti"]))
        with self.working(name) as work:
            chosen.keep_mark(work.conn, kind, token, until=instant(work.now() + timedelta(days=90)))

    def revoke(self, name: str, issuer: str, kind: str) -> None:
        """Let an organisation take a mark back."""
        with self.working(issuer) as work:
            assert anchors.take_back(work.conn, self.nodes[name].url, kind, at=instant(work.now())) == 1

    def decide(self, name: str, reason: str, vouched: Vouched) -> str:
        """Write into the log of an anchor what it decided; return the identifier of the entry."""
        with self.working(name) as work:
            leaf = leaves.write(
                work.conn,
                work.keys,
                at=instant(work.now()),
                event="administration",
                outcome="done",
                actor="operator",
                reason=reason,
                vouched=vouched,
            )
        self.nodes[name].sequence()
        return leaf

    def choose(self, name: str, superior: str) -> None:
        """Let a node choose an anchor, with the keys that it has now."""
        jwks = self.nodes[superior].node.keys.federation_jwks()
        with self.working(name) as work:
            chosen.choose(work.conn, self.nodes[superior].url, jwks, at=instant(work.now()))

    def look(self, *names: str) -> None:
        """Let nodes look at their anchors, when that is due."""
        for name in names:
            refresh.refresh(self.nodes[name].node)

    def new_key(self, name: str, kind: Any) -> str:
        """Add a key beside those of a node or an anchor, which it uses from now on; return its kid."""
        place_of(self.nodes[name].node.settings).add(kind)
        self.restart(name)
        keys = self.nodes[name].node.keys
        return str(keys.signing_kid() if kind == "signing" else keys.federation_jwks()["keys"][-1]["kid"])

    def end_key(self, name: str, kind: str) -> Path:
        """End the oldest key of a kind; return where it lies now, for whoever has stolen it."""
        folder = self.nodes[name].node.settings.key_dir
        oldest: Path = min(folder.glob(f"{kind}-*.jwk"))
        stolen = oldest.rename(oldest.with_suffix(".ended"))
        self.restart(name)
        return stolen

    def steal(self, name: str, stolen: Path) -> None:
        """Let somebody use the ended key in the name of a node or an anchor."""
        stolen.rename(stolen.with_suffix(".jwk"))
        self.restart(name)

    def restart(self, name: str) -> None:
        """Let a node or an anchor use the keys that are in its folder now."""
        node = self.nodes[name].node
        keys = open_keys(node.settings)
        object.__setattr__(node, "keys", keys)
        node.peers._keys = keys

    def working(self, name: str) -> Any:
        """Return a unit of work at a node or an anchor."""
        return _Working(self.nodes[name])


class _Working:
    """A unit of work, committed when it is left."""

    def __init__(self, world: World) -> None:
        self._node = world.node
        self._open = transaction(world.node.engine)

    def __enter__(self) -> OwnWork:
        return OwnWork(self._open.__enter__(), self._node.keys, self._node.clock, self._node.settings)

    def __exit__(self, *raised: Any) -> None:
        self._open.__exit__(*raised)


def partners(realm: Realm, name: str) -> dict[str, bool]:
    """Return the partners of a node by address, and whether each holds the second mark."""
    with realm.working(name) as work:
        found = clients.partners(work.conn, work.now())
    return {entry["url"]: entry["noImmigrationEnforcement"] for entry in found}


def asked(realm: Realm) -> str:
    """Let alpha ask beta, and return what became of it."""
    person, _ = sought(realm)
    return str(partner_search(realm, person)["results"][0]["state"])


def look(realm: Realm, *names: str) -> None:
    """Let nodes look once more: what anchors say counts within this time."""
    realm.wait(minutes=15)
    realm.look(*(names or ("alpha", "beta")))


def reasons(realm: Realm, name: str) -> dict[str, str]:
    """Return why a node does not trust somebody, or gives no access."""
    node = realm.nodes[name].node
    inquiry = Inquiry.by(node.peers, node.clock)
    with realm.working(name) as work:
        above, kept = chosen.anchors(work.conn), clients.configurations(work.conn)
        places, watch = clients.addresses(work.conn), followed.watch(work.conn, inquiry.fetch)
        judged = clients.judged(work.conn)
    found = refresh.read(above, inquiry, watch, kept, places, judged)
    unmarked = {one.entry["url"]: one.unmarked for one in found.trusted.values() if one.unmarked}
    return {entity: fault.reason for entity, fault in (found.faults | unmarked).items()}


def rename(realm: Realm, name: str, identifier: str) -> None:
    """Let a node have another identifier, with a mandate that names it."""
    node = realm.nodes[name].node
    object.__setattr__(node, "settings", node.settings.model_copy(update={"node_id": identifier}))
    said = {"nodeId": identifier, "recipientClass": "humanitarian", "purposes": PURPOSES}
    realm.show(name, NORTH, mandate.TRACING, mandate=said)
