"""A node that holds one of everything, partners around it, and another node with things of its own."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import mpex_spec
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import access, clients
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository as tasks
from mpex_spec.access_table import PARTNER
from sqlalchemy import select

from tests.databases import Databases
from tests.server.exchange.callers import ASSERT_DEATH, BARE, CALLERS, OF_OFFERS, OPERATIONS, WHO
from tests.server.exchange.town import Town, made, permit, record, released, search
from tests.server.records import samples
from tests.server.world import START, Identity, World, create_schema, partner_entry

_VARYING = frozenset({"x-request-id", "date", "signature", "signature-input", "content-digest"})


@dataclass
class Node:
    """The node, and identifiers by parameter of a path: what it `holds`, what is `foreign` to a caller.

    `foreign` are another node's things, but for partners what another partner asked for here.
    """

    world: World
    holds: dict[str, str]
    others: dict[str, str]
    theirs: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)

    def opened(self, caller: str) -> frozenset[str]:
        """Return what the node opens to a caller for the purpose of its token."""
        who = WHO[caller]
        return access.actions_of(who.roles or (PARTNER,), who.purpose, who.recipient)

    def token(self, caller: str, actions: list[str]) -> str:
        """Return a token of a caller for the actions named."""
        who = WHO[caller]
        return str(self.world.token(who.client, purpose=who.purpose, actions=actions))

    def foreign(self, caller: str) -> dict[str, str]:
        """Return identifiers of what is not the caller's, and of nothing where there is no such thing."""
        who = WHO[caller]
        if who.roles:
            return self.unknown() | self.others
        return self.unknown() | (self.theirs if who.client == "one" else self.holds)

    def unknown(self) -> dict[str, str]:
        """Return well-formed identifiers of nothing, one for each that the node holds."""
        return {name: new_id(held.partition(":")[0]) for name, held in self.holds.items() if ":" in held}

    def call(
        self,
        caller: str,
        operation: str,
        *,
        holds: dict[str, str] | None = None,
        token: str | None = None,
        whole: bool = False,
    ) -> httpx2.Response:
        """Send what the operation needs, as the caller: an empty document, or a `whole` one."""
        method, path = OPERATIONS[operation][0], self._path(operation, holds or self.holds)
        headers = {"Idempotency-Key": secrets.token_urlsafe(16)} if method == "POST" else {}
        headers |= {"If-Match": '"none"'} if method == "PUT" else {}
        token = token or self.tokens.get(caller)
        if token:
            prover = self.world.identities[WHO[caller].client]
            proof = self.world.proof(prover, method, path, token)
            headers |= {"Authorization": f"DPoP {token}", "DPoP": proof}
        if operation == "receiveEvent":
            headers["Content-Type"] = "application/secevent+jwt"
        return self.world.raw(method, path, headers=headers, **_body(caller, operation, whole=whole))

    def _path(self, operation: str, known: dict[str, str]) -> str:
        path: str = OPERATIONS[operation][1]
        kind = "remains" if path.startswith("/v1/remains") else "record"
        path = path.replace("{recordId}", known[kind])
        if operation in OF_OFFERS:
            path = path.replace("{releaseRequestId}", known["offerId"])
        for name, identifier in known.items():
            path = path.replace(f"{{{name}}}", identifier)
        queries = {"getInclusionProof": f"?leaf={self.holds['leaf']}", "getConsistencyProof": "?from=1&to=2"}
        return path + queries.get(operation, "")


def seen(answer: httpx2.Response) -> tuple[Any, ...]:
    """Return what a caller sees of a refusal, but for what names this answer; its size with it."""
    headers = {name: value for name, value in answer.headers.items() if name not in _VARYING}
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    return answer.status_code, headers, body, len(answer.content)


def _body(caller: str, operation: str, *, whole: bool) -> dict[str, Any]:
    method, path = OPERATIONS[operation]
    if operation == "receiveEvent":
        return {"content": b"{}"}
    if method == "GET" or operation in BARE:
        return {}
    if operation == ASSERT_DEATH:
        return {"json": samples.identification(persons=[new_id("person")])}
    return {"json": _example(method, path, WHO[caller].purpose) if whole else {}}


def _example(method: str, path: str, purpose: str) -> dict[str, Any]:
    """Return the smallest example of what an operation takes, for a purpose and the day of the tests."""
    if path.endswith("/notification"):
        return samples.notification()
    taken = mpex_spec.openapi()["paths"][path][method.lower()]["requestBody"]["content"]
    name = taken["application/json"]["schema"]["$ref"].removeprefix("schemas/").removesuffix(".json")
    example = json.loads((mpex_spec.root() / "examples" / f"{name}.min.json").read_text(encoding="utf-8"))
    return {**example, **({"purpose": purpose} if "purpose" in example else {})}


@contextmanager
def lived(databases: Databases, kind: str, folder: Path) -> Iterator[Node]:
    """Yield a node after a life with a node that holds and five partners that ask."""
    town = Town()
    # At PostgreSQL both nodes are in one database, each with rows that the other must not see.
    urls = [databases.fresh(kind, create_schema) for _ in range(1 if kind == "postgresql" else 2)]
    town.add("alpha", urls[0], folder)
    town.add("beta", urls[-1], folder)
    town.introduce()
    node = _settled(town)
    yield node
    town.close()
    for url in urls:
        databases.drop(url)


def _settled(town: Town) -> Node:
    world = town.nodes["alpha"]
    for caller in WHO.values():
        if caller.client not in world.identities:
            _register(town, world, caller.client, caller.recipient, caller.roles)
    holds, theirs = _lived(town)
    node = Node(world, holds, _of_another(town), theirs)
    node.tokens |= {caller: node.token(caller, sorted(node.opened(caller))) for caller in CALLERS[1:]}
    with transaction(world.node.engine) as conn:
        assert clients.suspend_partner(conn, world.identities["ended"].client_id, at=instant(START))
    return node


def _register(town: Town, world: World, name: str, recipient: str | None, roles: tuple[str, ...]) -> None:
    """Enter a partner of a class and a territory of its own, or a member of the staff with several roles."""
    identity = world.identities[name] = Identity(new_id("client" if recipient is None else "node"))
    if recipient is not None:
        territory = {"two": "FR", "charity": "PT"}.get(name, "ES")
        purposes = ["searchLiving", "identifyDeceased", "notifyFamily", "protectLife"]
        members: dict[str, Any] = {"purposes": purposes, "territories": [territory]}
        town.register(world, partner_entry(identity, recipientClass=recipient, **members))
        return
    with transaction(world.node.engine) as conn:
        clients.register_staff(conn, identity.client_id, roles=roles, jwks=identity.jwks, at=instant(START))


def _lived(town: Town) -> tuple[dict[str, str], dict[str, str]]:
    """Let the node ask, answer and recall; return what it holds, and what of it another partner asked for."""
    world = town.nodes["alpha"]
    received, directive, _ = released(town, onward="samePurpose")
    made(world.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    with transaction(world.node.engine, write=False) as conn:
        kind = t.document.c.kind == "partnerReleaseRequest"
        before = conn.scalars(select(t.document.c.id).where(kind)).one()
    record(world, permit(world, sets=["identity"]))
    asked = {name: _asked(world, name) for name in ("one", "two")}
    passable = _collected(world, _requested_anew(town, before))
    passed = {name: pass_on(world, passable, world.identities[name].client_id) for name in ("one", "two")}
    world.sequence()
    (recall,) = made(world.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    (searched,) = made(world.call("caseWorker", "GET", "/v1/partner-searches"), 200)["items"]
    own = _kept(world, world.identities["one"].client_id)
    holds = own | {
        "changeProposalId": change_proposed(world, received["receivedReleaseId"]),
        "proposalId": _proposed(world, own["record"], received["receivedReleaseId"]),
        "releaseRequestId": asked["one"],
        "offerId": passed["one"],
        "passableId": passable,
        "recallId": recall["recallId"],
        "partnerSearchId": searched["partnerSearchId"],
        "partnerReleaseRequestId": _requested_anew(town, before),
        "receivedReleaseId": received["receivedReleaseId"],
        "taskId": _task(world, recall["recallId"]),
        "onwardRequestId": "onwardRequest:" + 26 * "a",
        "leaf": made(world.call("auditor", "GET", "/v1/log/entries"), 200)["items"][0]["leaf"],
    }
    offered = transferred(world, world.identities["two"].client_id)
    return holds, {
        "releaseRequestId": asked["two"],
        "offerId": passed["two"],
        "transferId": offered,
    }


def _asked(world: World, partner: str) -> str:
    """Let a partner search and ask for a release that is approved; return the request."""
    (hit,) = made(world.call(partner, "POST", "/v1/searches", search()), 200)["hits"]
    ask = {name: search()[name] for name in ("caseReference", "purpose", "legalBasis", "releaseSet")}
    ask |= {"hitReference": hit["reference"], "reason": "The description fits."}
    asked = made(world.call(partner, "POST", "/v1/release-requests", ask), 202)["releaseRequestId"]
    decision = f"/v1/release-cases/{asked}/decision"
    made(world.call("releaseOfficer", "POST", decision, {"decision": "approve"}), 200)
    return str(asked)


def _kept(world: World, partner: str) -> dict[str, str]:
    """Let a node make one of everything that it makes itself, some of it for a partner."""
    each = samples.one_of_each(world)
    asked_of = samples.made(world, "caseWorker", "/v1/assistance-requests", samples.assistance(partner))
    written = samples.made(world, "caseWorker", "/v1/case-messages", samples.message(partner))
    return {
        "record": each["person"],
        "remains": each["remains"],
        "personId": each["person"],
        "requestId": each["request"],
        "sampleId": each["sample"],
        "directiveId": each["directive"],
        "transferId": transferred(world, partner),
        "assistanceId": asked_of["assistanceId"],
        "messageId": written["messageId"],
        "groupId": each["group"],
        "memberId": each["member"],
        "incidentId": each["incident"],
        "matchId": each["match"],
        "identityErrorId": each["identityError"],
        "erasureId": each["erasure"],
        "identificationId": each["identification"],
    }


def transferred(world: World, partner: str) -> str:
    """Offer a record of its own to a partner; return the transfer."""
    moving = samples.transfer(record(world, permit(world, sets=["identity"])), partner)
    return str(samples.made(world, "releaseOfficer", "/v1/custody-transfers", moving)["transferId"])


def _of_another(town: Town) -> dict[str, str]:
    """Let the other node hold one of everything that it can, for a partner of its own."""
    world, partner = town.nodes["beta"], Identity(new_id("node"))
    town.register(world, partner_entry(partner))
    kept = _kept(world, partner.client_id)
    (case, *_) = made(world.call("releaseOfficer", "GET", "/v1/release-cases"), 200)["items"]
    return kept | {"releaseRequestId": case["releaseRequestId"]}


def pass_on(world: World, received: str, partner: str) -> str:
    """Offer a received release to a partner, or ask its origin first; return the offer."""
    path = f"/v1/received-releases/{received}/onward"
    return str(samples.made(world, "releaseOfficer", path, {"partner": partner})["onwardId"])


def _collected(world: World, request: str) -> str:
    """Collect what a partner approved; return the received release."""
    path = f"/v1/partner-release-requests/{request}/collection"
    return str(made(world.call("caseWorker", "POST", path))["receivedReleaseId"])


def change_proposed(world: World, received: str) -> str:
    """Return what is proposed to add to a record that a partner released."""
    own = record(world, permit(world, sets=["identity"]))
    draft = {"kind": "addition", "record": own, "categories": ["names"], "legalBasis": "consent"}
    path = f"/v1/received-releases/{received}/change-proposals"
    return str(samples.made(world, "releaseOfficer", path, draft)["changeProposalId"])


def _proposed(world: World, person: str, received: str) -> str:
    """Return what is proposed to the partner that made a release."""
    body = samples.identification(persons=[person], receivedReleases=[received])
    decided = samples.made(world, "releaseOfficer", "/v1/identifications", body)["identificationId"]
    path = f"/v1/identifications/{decided}/proposals"
    made_of = samples.made(world, "releaseOfficer", path, {"receivedRelease": received})
    return str(made_of["proposalId"])


def _requested_anew(town: Town, before: str) -> str:
    """Return a like partner release request of which nothing was collected yet."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    (searched,) = made(alpha.call("caseWorker", "GET", "/v1/partner-searches"), 200)["items"]
    partner = beta.node.settings.node_id
    body = {"partnerSearch": searched["partnerSearchId"], "partner": partner, "releaseSet": "identity"}
    body |= {"hitReference": searched["results"][0]["result"]["hits"][0]["reference"], "reason": "It fits."}
    request = made(alpha.call("caseWorker", "POST", "/v1/partner-release-requests", body))
    path = f"/v1/release-cases/{request['status']['releaseRequestId']}/decision"
    made(beta.call("releaseOfficer", "POST", path, {"decision": "approve"}), 200)
    assert request["partnerReleaseRequestId"] != before
    return str(request["partnerReleaseRequestId"])


def _task(world: World, recall: str) -> str:
    """Return a task that is done, so that every row finds it alike."""
    with transaction(world.node.engine) as conn:
        (task,) = tasks.open_of(conn, world.node.keys, recall, "overdueRecall")
        tasks.close(conn, task.id)
    return task.id
