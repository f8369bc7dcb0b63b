"""Several nodes in one process that speak to one another as over HTTP, and short ways to fill them."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx2
from mpex_server import workers
from mpex_server.app import create_app
from mpex_server.holdings import repository as holdings
from mpex_server.keys import FileKeys
from mpex_server.kit import base64url, hpke, strict_json
from mpex_server.kit.clock import ManualClock, instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.oauth.access import ROLE_ACTIONS
from mpex_server.peers.errors import UnreachableError
from mpex_server.peers.sealing import key_of
from mpex_server.peers.wire import Answer
from mpex_server.recalls import delivery
from mpex_server.release_requests import sealing
from mpex_server.settings import Settings
from mpex_server.storage.engine import transaction
from sqlalchemy import Connection, event

from tests.server.contract import judge
from tests.server.records import samples
from tests.server.world import START, Identity, World, partner_entry

Body = dict[str, Any]
SEARCHES = "/v1/partner-searches"
RECEIVED = "/v1/received-releases"
REQUESTS = "/v1/partner-release-requests"
_ROUNDS = 100
PURPOSES = ["searchLiving", "identifyDeceased", "familyReunification", "notifyFamily"]


class Town:
    """Nodes by name; `down` are those that cannot be reached, `sent` all that went between nodes."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.nodes: dict[str, World] = {}
        self.down: set[str] = set()
        self.sent: list[tuple[str, str]] = []
        self.spoken_to: set[str] = set()
        self._written: Counter[str] = Counter()
        self._found_nothing: dict[str, tuple[Any, ...]] = {}

    def add(self, name: str, database_url: str, folder: Path, **members: Any) -> World:
        """Build a node with a staff client of each role."""
        FileKeys.create(folder / name)
        url = f"https://{name}.example"
        settings = Settings(
            environment="sandbox",
            node_id=new_id("node"),
            name=f"Node {name}",
            public_url=url,
            database_url=database_url,
            key_dir=folder / name,
            threads=4,
            log_level="error",
            **members,
        )
        app = create_app(settings, clock=self.clock)
        identities = {role: Identity(new_id("client")) for role in ROLE_ACTIONS}
        with transaction(app.node.engine) as conn:
            for role, identity in identities.items():
                clients.register_staff(
                    conn, identity.client_id, roles=(role,), jwks=identity.jwks, at=instant(START)
                )
        world = World(app, self.clock, identities, url)
        world.node.peers._wire = _Street(self)
        self.nodes[name] = world
        event.listen(world.node.engine, "commit", partial(self._count, name))
        return world

    def introduce(self, **entries: Mapping[str, Any]) -> None:
        """Enter every node in the registry of every other; `entries` change members by node name."""
        for name, world in self.nodes.items():
            entry = self.entry(name, **entries.get(name, {}))
            for other in self.nodes.values():
                if other is not world:
                    self.register(other, entry)

    def entry(self, name: str, **members: Any) -> Body:
        """Return the registry entry of a node."""
        world = self.nodes[name]
        settings = world.node.settings
        return {
            **partner_entry(Identity(settings.node_id)),
            "name": settings.name,
            "url": world.url,
            "purposes": PURPOSES,
            "jwks": world.node.keys.public_jwks(),
            **members,
        }

    def register(self, world: World, entry: Body) -> None:
        """Enter a partner in the registry of one node."""
        with transaction(world.node.engine) as conn:
            clients.register_partner(conn, entry, at=instant(START))
            # What a partner holds is asked each day; most tests are about something else.
            holdings.claim(conn, entry["nodeId"], now=instant(START), due=instant(START + timedelta(days=1)))

    def deliver(self) -> int:
        """Let every node deliver what is due until nothing is; return how many events were tried."""
        tried = 0
        while batch := sum(delivery.deliver(world.node) for world in self.nodes.values()):
            tried += batch
        return tried

    def work(self) -> int:
        """Run every job of every node until nothing is left to do; return how much was done.

        A node whose jobs find nothing would find nothing again until somebody speaks to it.
        """
        done = 0
        self.spoken_to = set(self.nodes)
        for _ in range(_ROUNDS):
            if not self.spoken_to:
                return done
            for name in [name for name in self.nodes if name in self.spoken_to]:
                self.spoken_to.discard(name)
                done += self._worked(name)
        raise AssertionError("the nodes always have something more to say")

    def _worked(self, name: str) -> int:
        """Let a node work, unless nothing is other than it was when its jobs last found nothing."""
        if self._found_nothing.get(name) == self._state(name):
            return 0
        done = _work_until_idle(self.nodes[name])
        self._found_nothing[name] = self._state(name)
        return done

    def _state(self, name: str) -> tuple[Any, ...]:
        return self._written[name], self.clock.now(), frozenset(self.down)

    def _count(self, name: str, conn: Connection) -> None:
        self._written[name] += bool(conn.get_execution_options().get("mpex_write"))

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**span))

    def close(self) -> None:
        """Stop every node."""
        for world in self.nodes.values():
            world.close()


class _Street:
    """Stands for the network: brings a request to the node whose address it bears."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Answer:
        parts = httpx2.URL(url)
        name = str(parts.host).partition(".")[0]
        self._town.sent.append((name, parts.path))
        if name in self._town.down or name not in self._town.nodes:
            raise UnreachableError("the partner cannot be reached")
        self._town.spoken_to.add(name)
        # With a loop of its own, so that a node can be called while it waits for an answer itself.
        with asyncio.Runner() as runner:
            response = runner.run(
                _asked(
                    self._town.nodes[name],
                    method,
                    parts.raw_path.decode(),
                    headers=dict(headers),
                    content=content,
                )
            )
        judge(method, parts.path, response, self._town.nodes[name].node.settings.role)
        return Answer(response.status_code, response.content, response.headers)

    def close(self) -> None:
        """Nothing to release."""


async def _asked(world: World, method: str, path: str, **options: Any) -> httpx2.Response:
    transport = httpx2.ASGITransport(world.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=world.url) as client:
        return await client.request(method, path, **options)


def _work_until_idle(world: World) -> int:
    """Run the jobs of one node in turn until each has found nothing; return how much was done."""
    done = idle = 0
    for job, _, _ in islice(cycle(workers.JOBS), _ROUNDS * len(workers.JOBS)):
        batch = job(world.node)
        done += batch
        idle = 0 if batch else idle + 1
        if idle == len(workers.JOBS):
            return done
    raise AssertionError("a job always finds something more to do")


def made(response: httpx2.Response, status: int = 201) -> Body:
    """Return the body of an answer that must have this status."""
    assert response.status_code == status, (response.status_code, response.text)
    return dict(response.json())


def permit(world: World, *, sets: list[str], purposes: list[str] | None = None, **members: Any) -> str:
    """Register a directive that permits humanitarian and forensic recipients the sets; return its id."""
    grant = {
        "effect": "permit",
        "purposes": purposes or ["searchLiving", "identifyDeceased"],
        "releaseSets": sets,
        "recipientClasses": ["humanitarian", "forensic"],
        "onward": members.pop("onward", "none"),
    }
    return str(
        made(world.call("registrar", "POST", "/v1/directives", samples.directive(grants=[grant], **members)))[
            "directiveId"
        ]
    )


SECTIONS: Body = {
    "summary": {"sex": "female", "age": {"min": 20, "max": 24, "asOf": "2026-01-01"}},
    "names": {"names": [{"text": "Fictia Examplová Inventada", "script": "Latn"}]},
    "birth": {"date": "2003-04-05"},
    "physical": {"heightCm": {"min": 164, "max": 168}},
    "contact": {"channel": "phone", "address": "+00 000"},
}


def record(world: World, directive: str | None = None, sections: Body | None = None, **members: Any) -> str:
    """Register a person with one contribution under a directive; return its id."""
    entry = samples.contribution(sections=sections or SECTIONS)
    body = samples.person(contributions=[entry | ({"directive": directive} if directive else {})], **members)
    return str(made(world.call("registrar", "POST", "/v1/persons", body))["recordId"])


def search(**members: Any) -> Body:
    """Return a search for the person of `SECTIONS`."""
    return {
        "searchId": new_id("search"),
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "query": {name: SECTIONS[name] for name in ("summary", "names", "birth")},
    } | members


def node_id(town: Town, name: str) -> str:
    """Return the identifier of a node."""
    return str(town.nodes[name].node.settings.node_id)


def asking(town: Town, person: str, **members: Any) -> Body:
    """Return a partner search of alpha at beta about a person, as a case worker writes it."""
    return {
        "person": person,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "partners": [node_id(town, "beta")],
    } | members


def partner_search(town: Town, person: str, **members: Any) -> Body:
    """Let alpha ask beta about a person; return the partner search."""
    return made(town.nodes["alpha"].call("caseWorker", "POST", SEARCHES, asking(town, person, **members)))


def sought(town: Town, **members: Any) -> tuple[str, str]:
    """Register a sought person at alpha; return its id and its directive's."""
    directive = permit(town.nodes["alpha"], sets=["identity"], **members)
    return record(town.nodes["alpha"], directive), directive


def sealed(town: Town, release: Body, name: str, **bound: str) -> Body:
    """Return what beta would seal to alpha under the name of a release; `bound` changes what for."""
    key = key_of(town.entry("alpha"))
    terms = {"issuer": node_id(town, "beta"), "audience": node_id(town, "alpha"), "purpose": "searchLiving"}
    info = sealing.info(**terms | {"release": name} | bound)
    enc, ciphertext = hpke.seal(hpke.public_key(key), strict_json.dumps(release), info)
    parts = {"enc": base64url.encode(enc), "ciphertext": base64url.encode(ciphertext)}
    return {"release": name, "kid": key["kid"], **parts}


def released(town: Town, **terms: Any) -> tuple[Body, str, str]:
    """Play search, request, approval and collection; return what alpha received, and both directives."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person, alphas = sought(town)
    betas = permit(beta, sets=["identity"], **terms)
    record(beta, betas)
    found = partner_search(town, person)
    return collected_on_hit(alpha, beta, node_id(town, "beta"), found), alphas, betas


def collected_on_hit(asker: Any, holder: Any, holder_id: str, found: Body) -> Body:
    """Ask for the identity behind the one hit of a partner search, have it approved, and collect it."""
    (hit,) = found["results"][0]["result"]["hits"]
    body = {
        "partnerSearch": found["partnerSearchId"],
        "partner": holder_id,
        "hitReference": hit["reference"],
        "releaseSet": "identity",
        "reason": "The description fits.",
    }
    request = made(asker.call("caseWorker", "POST", REQUESTS, body))
    case = f"/v1/release-cases/{request['status']['releaseRequestId']}/decision"
    made(holder.call("releaseOfficer", "POST", case, {"decision": "approve"}), 200)
    own = f"{REQUESTS}/{request['partnerReleaseRequestId']}"
    assert made(asker.call("caseWorker", "GET", own), 200)["status"]["state"] == "approved"
    received: Body = made(asker.call("caseWorker", "POST", f"{own}/collection"))
    return received


def silent_hit(town: Town) -> tuple[Body, str, Body]:
    """Let alpha's search meet a living person at beta; return the search, the person and the task."""
    beta = town.nodes["beta"]
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    person, _ = sought(town)
    found = partner_search(town, person)
    assert found["results"][0]["result"]["outcome"] == "noHit"
    (task,) = made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    return found, living, task
