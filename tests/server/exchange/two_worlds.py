"""The same life of a node played in two worlds that differ in one secret: which of two people was found dead.

Chance, keys, clients and time are the same in both, so that every byte that an observer gets can be compared.
"""

import hashlib
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jws import JWSRegistry
from mpex_server.app import create_app
from mpex_server.keys import FileKeys, material
from mpex_server.kit import aead, hpke
from mpex_server.kit.clock import ManualClock, instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.oauth.access import ROLE_ACTIONS
from mpex_server.peers.errors import UnreachableError
from mpex_server.settings import Settings
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from mpex_server.workers import JOBS
from sqlalchemy import event, select

from tests.server.exchange.town import made, permit, record, search
from tests.server.records import samples
from tests.server.world import START, Identity, World, partner_entry

Body = dict[str, Any]
PARTNERS = ("one", "two")
KNOW = frozenset(role for role, actions in ROLE_ACTIONS.items() if "identifications:read" in actions)
"""Roles that may know of a death before the family does."""
ANYBODY = "anybody"
"""Who has no token."""
OBSERVERS = (ANYBODY, *sorted(ROLE_ACTIONS.keys() - KNOW), *PARTNERS)
PEOPLE = {"first": "Fictia Primera Inventada", "second": "Testa Segunda Ejemplar"}
PURPOSE = "identifyDeceased"
PARTS = [{"region": "hand", "side": "left", "complete": True}, {"region": "thigh"}]
_QUESTION = {"decision": "needMore", "question": "Which hand?"}
_DUE = "2026-12-01T10:00:00Z"
_REGISTRY = JWSRegistry(algorithms=["ES256"], strict_check_header=False)
Seen = tuple[str, int, tuple[tuple[str, str], ...], bytes]


@dataclass
class Scene:
    """What both worlds share: keys of the node and of its clients."""

    folder: Path
    identities: dict[str, Identity]


@dataclass
class Observed:
    """All that observers saw: answers, what it took to give them to partners, and what was sent or logged."""

    answers: list[Seen] = field(default_factory=list)
    effort: list[tuple[str, str]] = field(default_factory=list)
    traces: dict[str, list[Any]] = field(default_factory=dict)

    def differences(self, other: "Observed") -> list[str]:
        """Return in which places two worlds differ, never what stands there."""
        found = [one[0] for one, two in zip(self.answers, other.answers, strict=False) if one != two]
        found += [f"traces in {name}" for name in self.traces if self.traces[name] != other.traces[name]]
        found += [] if len(self.answers) == len(other.answers) else ["number of answers"]
        return found + ([] if self.effort == other.effort else ["effort for a partner"])


def scene(folder: Path) -> Scene:
    """Make the keys that both worlds share."""
    FileKeys.create(folder / "keys")
    names = [*ROLE_ACTIONS, *PARTNERS]
    return Scene(folder, {name: Identity(f"{_kind(name)}:{_word(name)}") for name in names})


@contextmanager
def same_chance() -> Iterator[None]:
    """Let chance take the same course in each world."""
    count, lock = [0], threading.Lock()

    def draw(size: int | None = None) -> bytes:
        with lock:
            count[0] += 1
            return hashlib.shake_256(str(count[0]).encode()).digest(32 if size is None else size)

    signing = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_bytes", draw)
        # A seal draws its own key where no patch reaches; worlds are compared in what it would hide.
        patch.setattr(hpke, "seal", lambda _key, plaintext, _info: (bytes(32), plaintext + bytes(16)))
        patch.setattr("os.urandom", draw)
        patch.setattr("random._urandom", draw)
        patch.setattr(uuid, "uuid4", lambda: uuid.UUID(bytes=draw(16), version=4))
        patch.setattr(material, "ES256", signing)
        patch.setattr(aead, "new_key", partial(draw, 32))
        yield


def play(given: Scene, database_url: str, dead: str, *, probes: "Callable[[Player], None]") -> Observed:
    """Live one life in which `dead`, one of `PEOPLE`, is identified, and return what observers saw."""
    with same_chance():
        player = Player(given, database_url)
        try:
            player.live()
            player.decide(dead)
            probes(player)
            return player.observed()
        finally:
            player.world.close()


class Player:
    """One world and what is known in it."""

    def __init__(self, given: Scene, database_url: str) -> None:
        settings = Settings(
            environment="sandbox",
            node_id=f"node:{_word('node')}",
            name="Node of two worlds",
            public_url="https://node.example",
            database_url=database_url,
            key_dir=given.folder / "keys",
            threads=1,
            log_level="error",
        )
        clock = ManualClock(START)
        app = create_app(settings, clock=clock)
        with transaction(app.node.engine) as conn:
            for name, identity in given.identities.items():
                if name in ROLE_ACTIONS:
                    clients.register_staff(
                        conn, identity.client_id, roles=(name,), jwks=identity.jwks, at=instant(START)
                    )
                else:
                    entry = partner_entry(identity, purposes=[PURPOSE, "searchLiving", "notifyFamily"])
                    clients.register_partner(conn, entry, at=instant(START))
        self.world = World(app, clock, dict(given.identities))
        self.world.node.peers._wire = _Nobody()
        self.people: dict[str, tuple[str, str]] = {}
        self.codes: list[str] = []
        self._seen = Observed()
        self._partner_asks = False
        event.listen(self.world.node.engine, "before_cursor_execute", self._executed)

    def live(self) -> None:
        """Register two people and two remains, and give all of them to a partner under two purposes."""
        purposes = [PURPOSE, "searchLiving", "notifyFamily"]
        directive = permit(self.world, sets=["identity", "searchDetail"], purposes=purposes)
        for place, name in PEOPLE.items():
            sections = {"names": {"names": [{"text": name, "script": "Latn"}]}}
            person = record(self.world, directive, sections)
            told = samples.contribution(sections=sections, directive=directive)
            unit = samples.remains_unit(contributions=[told], parts=PARTS)
            remains = samples.made(self.world, "registrar", "/v1/remains", unit)["recordId"]
            request = samples.search_request(person, directives=[directive])
            kept = samples.made(self.world, "registrar", "/v1/search-requests", request)
            path = f"/v1/search-requests/{kept['requestId']}/recovery-code"
            self.codes.append(made(self.world.call("registrar", "POST", path))["code"])
            self.people[place] = person, remains
            for purpose in (PURPOSE, "notifyFamily"):
                self.release("one", name, purpose)

    def decide(self, dead: str) -> None:
        """Let the officer identify one of the two as dead, a day after all else."""
        self.world.advance(days=1)
        person, remains = self.people[dead]
        body = samples.identification(persons=[person], remains=[remains], state="confirmed", whole=True)
        samples.made(self.world, "releaseOfficer", "/v1/identifications", body)

    def ask(self, who: str, method: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """Send a request as an observer and keep the answer."""
        self._partner_asks = who in PARTNERS
        label = f"{who} {method} {path}"
        if who == ANYBODY:
            response = self.world.raw(method, path)
        elif isinstance(body, bytes):
            head = self.world.headers(who, method, path) | options["headers"]
            response = self.world.raw(method, path, content=body, headers=head)
        elif path.endswith("/release"):
            head = self.world.headers(who, method, path, **options)
            response = self.world.raw(method, path, headers=head)
        else:
            response = self.world.call(who, method, path, body, **options)
        self._partner_asks = False
        # What is signed covers the proof of the request, whose own signature is by chance.
        unlike = {"signature": "." * len(response.headers.get("signature", ""))}
        headers = tuple(sorted((name, unlike.get(name, value)) for name, value in response.headers.items()))
        self._seen.answers.append((label, response.status_code, headers, response.content))
        return response

    def work(self, **span: float) -> None:
        """Let time pass and the node do what it does by itself."""
        self.world.advance(**span)
        for job, _, _ in JOBS:
            job(self.world.node)

    def known(self) -> dict[str, list[str]]:
        """Return the identifiers of everything that the node holds, by kind."""
        with transaction(self.world.node.engine, write=False) as conn:
            columns = (t.document.c.id, t.task.c.id, t.audit_leaf.c.id)
            names = sorted(name for column in columns for name in conn.scalars(select(column)))
        kinds: dict[str, list[str]] = {}
        for name in names:
            kinds.setdefault(name.partition(":")[0], []).append(name)
        return kinds

    def observed(self) -> Observed:
        """Return what was seen, with the events that wait for partners and the entries of the log."""
        with transaction(self.world.node.engine, write=False) as conn:
            for name in ("outbox", "audit_leaf", "disclosure"):
                table = t.metadata.tables[name]
                rows = conn.execute(select(table).order_by(*table.primary_key.columns))
                self._seen.traces[name] = [tuple(row) for row in rows]
        return self._seen

    def hit(self, who: str, name: str, purpose: str) -> httpx2.Response:
        """Search for a name as a partner or at the desk."""
        query = {"names": {"names": [{"text": name, "script": "Latn"}]}}
        return self.ask(who, "POST", "/v1/searches", search(query=query, purpose=purpose), purpose=purpose)

    def release(self, who: str, name: str, purpose: str) -> None:
        """Search for a name as a partner, ask for every hit, and collect what the officer approves."""
        for hit in self.hit(who, name, purpose).json()["hits"]:
            ask = {key: search()[key] for key in ("caseReference", "legalBasis", "releaseSet")}
            ask |= {"purpose": purpose, "hitReference": hit["reference"], "reason": "The description fits."}
            asked = made(self.ask(who, "POST", "/v1/release-requests", ask, purpose=purpose), 202)
            case = f"/v1/release-cases/{asked['releaseRequestId']}/decision"
            path = f"/v1/release-requests/{asked['releaseRequestId']}"
            made(self.world.call("releaseOfficer", "POST", case, _QUESTION), 200)
            made(self.ask(who, "POST", f"{path}/replies", {"reply": "The left."}, purpose=purpose), 202)
            made(self.world.call("releaseOfficer", "POST", case, {"decision": "approve"}), 200)
            made(self.ask(who, "GET", f"{path}/release", purpose=purpose), 200)

    def push(self, who: str, subject: str) -> httpx2.Response:
        """Send an event on a subject as a partner: the recall of a query that it never sent."""
        identity, now = self.world.identities[who], self.world.now()
        notice = {"recallId": new_id("recall"), "cause": "withdrawn", "purposes": [], "dueAt": _DUE}
        claims = {
            "iss": identity.client_id,
            "aud": self.world.node.settings.node_id,
            "jti": new_id("event"),
            "iat": now,
            "sub_id": {"format": "opaque", "id": subject},
            "sequence": 1,
            "events": {"urn:mpex:event:recall": notice},
        }
        header = {"alg": "ES256", "typ": "secevent+jwt", "kid": identity.key.kid}
        token = jwt.encode(header, claims, identity.key, registry=_REGISTRY)
        media = {"Content-Type": "application/secevent+jwt"}
        return self.ask(who, "POST", "/v1/events", token.encode(), headers=media)

    def _executed(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self._partner_asks:
            self._seen.effort.append((self._seen.answers[-1][0] if self._seen.answers else "", statement))


class _Nobody:
    """A network in which no partner can be reached."""

    def send(self, *_: Any, **__: Any) -> Any:
        raise UnreachableError("nobody is there")

    def close(self) -> None:
        """Nothing to release."""


def _kind(name: str) -> str:
    return "node" if name in PARTNERS else "client"


def _word(name: str) -> str:
    return ("".join(letter for letter in name.lower() if letter in "abcdefghijklmnopqrstuvwxyz") + "a" * 26)[
        :26
    ]
