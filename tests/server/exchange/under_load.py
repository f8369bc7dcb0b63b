"""A node of four workers under load, and what its database must hold whatever happened meanwhile."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
import orjson
from mpex_server.audit import repository as log
from mpex_server.audit.leaves import pseudonym
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain.checkpoint import Checkpoint, open_checkpoint
from mpex_server.domain.merkle import verify_consistency
from mpex_server.keys import FileKeys
from mpex_server.kit.clock import SystemClock
from mpex_server.kit.ids import new_id
from mpex_server.storage import tables as t
from mpex_server.storage.engine import make_engine, snapshot
from mpex_server.upkeep.check import findings
from sqlalchemy import Connection, func, select

from tests.server.exchange.live import LiveNode, answers, until
from tests.server.records import samples

_WRITERS, _PAUSE = 6, 0.1
GONE = 0
PERSONS = "/v1/persons"
_IS_PERSON = t.document.c.kind == "person"
_ENTRIES = select(func.count()).select_from(t.audit_leaf)
_WAITING = _ENTRIES.where(t.audit_leaf.c.position.is_(None))


class Workers(LiveNode):
    """A node of four workers, all of which can die at once."""

    group: subprocess.Popen[bytes]

    def launch(self) -> None:
        command = [
            sys.executable,
            "-c",
            "from mpex_server.cli import app; app()",
            "sandbox",
            "--workers",
            "4",
        ]
        self.group = subprocess.Popen(
            [*command, "--port", str(self.port), "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ,
            start_new_session=True,
        )

    def wait(self) -> None:
        until(lambda: answers(self._http), 90)

    def kill(self) -> None:
        os.killpg(self.group.pid, signal.SIGKILL)
        self.group.wait(60)

    def ready(self) -> None:
        """Start, and get tokens for those who will write and read: one that is old could end on its way."""
        self.start()
        self._tokens.clear()
        for role in ("registrar", "caseWorker"):
            self.headers(role, "GET", PERSONS)

    def stop(self) -> None:
        self.group.terminate()
        self.group.wait(60)

    def close(self) -> None:
        if self.group.poll() is None:
            self.stop()
        super().close()


@dataclass
class Load:
    """Writers that create and change records; `acknowledged` is what the node said that it has.

    `statuses` counts its answers, and as `GONE` the writers that got none.
    """

    node: Workers
    acknowledged: dict[str, int] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the writers run until left; before that they end when the node is gone."""
        self.over.clear()
        writers = [threading.Thread(target=self._write) for _ in range(_WRITERS)]
        for writer in writers:
            writer.start()
        try:
            yield
        finally:
            self.over.set()
            for writer in writers:
                writer.join(60)

    def _write(self) -> None:
        try:
            while not self.over.is_set():
                self._act()
        except httpx2.HTTPError:
            self.statuses[GONE] += 1

    def _act(self) -> None:
        name = new_id("person")
        answer = self.node.call("registrar", "POST", PERSONS, samples.person(recordId=name))
        self.statuses[answer.status_code] += 1
        if answer.status_code != 201:
            self.over.wait(_PAUSE)
            return
        self.acknowledged[name] = 1
        path, tag = f"{PERSONS}/{name}", answer.headers["etag"]
        body = samples.person(changeReason="The description was checked.")
        answer = self.node.call("registrar", "PUT", path, body, match=tag)
        self.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            self.acknowledged[name] = 2
        self.statuses[self.node.call("caseWorker", "GET", path).status_code] += 1


def judged(node: Workers, load: Load, *, complete: bool = False) -> Checkpoint | None:
    """Judge what the database holds of a load, and return the newest checkpoint.

    With `complete` all entries must have their place in the log.
    """
    engine = make_engine(node.settings.database_url, node.settings.node_id)
    with snapshot(engine) as conn:
        work = OwnWork(conn, FileKeys(node.settings.key_dir), SystemClock(), node.settings)
        assert [(check.name, places[:3]) for check, places in findings(work)] == []
        entries = Counter(orjson.loads(body).get("subject") for body in _writes(conn))
        stored = {row.id: row.version for row in conn.execute(select(t.document).where(_IS_PERSON))}
        assert load.acknowledged.keys() <= stored.keys()
        assert all(version <= stored[name] for name, version in load.acknowledged.items())
        documents = work.documents.listing("person", limit=100_000)
        assert {pseudonym(document): document.version for document in documents} == dict(entries)
        head = log.head(conn)
        assert not complete or (head is not None and head.size == conn.scalar(_ENTRIES))
        verifier = log.verifier(node.settings, work.keys)
    engine.dispose()
    return None if head is None else open_checkpoint(head.note, verifier)


def _writes(conn: Connection) -> Iterator[bytes]:
    """Yield the entries of records that were made or changed."""
    for body in conn.scalars(select(t.audit_leaf.c.body)):
        if b'"event":"write"' in body:
            yield body


def all_placed(node: Workers) -> bool:
    engine = make_engine(node.settings.database_url, node.settings.node_id)
    with snapshot(engine) as conn:
        waiting = conn.scalar(_WAITING)
    engine.dispose()
    return waiting == 0


def are_one_log(node: Workers, seen: list[Checkpoint]) -> None:
    """Prove that every checkpoint that a node had signed before is a beginning of the log as it is now."""
    engine = make_engine(node.settings.database_url, node.settings.node_id)
    with snapshot(engine) as conn:
        tree = log.tree(conn)
        for checkpoint in seen:
            proof = tree.consistency_proof(checkpoint.size)
            assert verify_consistency(checkpoint.size, tree.size, checkpoint.root, tree.root(), proof)
    engine.dispose()
