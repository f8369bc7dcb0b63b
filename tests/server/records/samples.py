"""Evidently fictional documents, as small as their schemas allow unless a test asks for more."""

import json
from typing import Any

import httpx2
import sqlalchemy as sa
from mpex_server.kit.ids import new_id
from mpex_server.storage import links
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction

from tests.server.world import World

Body = dict[str, Any]
OFFICE = {"organisation": "Office of Invented Cases", "email": "office@example.org"}


def contribution(**members: Any) -> Body:
    return {
        "contributor": "desk-7",
        "assertedAt": "2026-11-20T08:00:00Z",
        "sections": {"names": {"names": [{"text": "Fictia Examplová"}]}},
    } | members


def person(**members: Any) -> Body:
    return {
        "type": "soughtPerson",
        "status": "open",
        "legalBasis": "consent",
        "contactOffice": OFFICE,
        "synthetic": True,
        "contributions": [contribution()],
    } | members


def reachable(**rules: Any) -> Body:
    """Return a person of whom an account says how to reach them without harm."""
    return person(contributions=[contribution(sections={"contact": rules})], nameUnknown=True)


def remains_unit(**members: Any) -> Body:
    found = {"journey": {"points": [{"type": "found", "place": {"name": "Playa Inventada"}}]}}
    return {
        "type": "remainsUnit",
        "status": "open",
        "legalBasis": "publicInterest",
        "contactOffice": OFFICE,
        "synthetic": True,
        "contributions": [contribution(sections=found)],
    } | members


def directive(**members: Any) -> Body:
    grant = {
        "effect": "permit",
        "purposes": ["searchLiving"],
        "releaseSets": ["identity"],
        "recipientClasses": ["humanitarian"],
    }
    return {
        "legalBasis": "consent",
        "dataSubject": "soughtPerson",
        "givenBy": {"authority": "enquirer", "relationship": "sibling"},
        "givenAt": "2026-11-20T08:00:00Z",
        "method": "oral",
        "grants": [grant],
    } | members


def reference_sample(person_id: str, **members: Any) -> Body:
    return {
        "donor": "donor-17",
        "person": person_id,
        "claimedRelationship": "mother",
        "synthetic": True,
    } | members


def search_request(person_id: str, **members: Any) -> Body:
    return {
        "person": person_id,
        "status": "open",
        "enquirer": {"role": "family", "relationship": "sibling", "name": {"text": "تجربة مثالية"}},
        "collectionPoint": {"type": "mobile", "name": "Tent of the tests"},
    } | members


def group(**members: Any) -> Body:
    size = {"min": 40, "max": 60, "source": "coTraveller", "certainty": "estimated"}
    return {"type": "boat", "sizes": [size]} | members


def member(row: str, name: str = "Fictia Examplová Inventada", **members: Any) -> Body:
    mention = {"name": {"text": name}, "sex": "female"}
    return {"row": row, "source": "coTraveller", "certainty": "stated", "mention": mention} | members


def group_search(partner: str, *members: str, **others: Any) -> Body:
    return {
        "members": [{"member": name, "caseReference": f"case-{row}"} for row, name in enumerate(members)],
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "releaseSet": "existence",
        "partners": [partner],
    } | others


def assistance(to: str, **members: Any) -> Body:
    return {
        "type": "visitFamily",
        "to": to,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "text": "Please ask whether she wishes to be called.",
        "language": "en",
    } | members


def message(to: str, **members: Any) -> Body:
    return {
        "to": to,
        "purpose": "searchLiving",
        "caseReference": "case-1",
        "language": "fr",
        "text": "Elle attend un appel.",
    } | members


def transfer(record: str, to: str, **members: Any) -> Body:
    return {"record": record, "to": to, "purpose": "searchLiving", "legalBasis": "consent"} | members


TAKE = {"answer": "take", "withheldAccepted": True}


def incident(**members: Any) -> Body:
    return {
        "type": "incident",
        "source": {"system": "inventedFile", "id": "2026.INV0001"},
        "date": "2026-05",
        "place": {"name": "Mar Inventado"},
        "causes": ["drowning"],
        "counts": {"dead": 2, "missingMinimum": 5},
    } | members


def match(one: str, other: str, decision: str = "possible", **members: Any) -> Body:
    return {
        "subjects": [subject(one), subject(other)],
        "decision": decision,
        "evidence": [{"category": "names", "agreement": "partly"}],
    } | members


def identity_error(record_id: str, **members: Any) -> Body:
    return {"record": record_id, "reportedBy": "enquirer", "reason": "He called this morning."} | members


def erasure(record_id: str, **members: Any) -> Body:
    return {
        "record": record_id,
        "asker": "person",
        "identityProof": {"method": "document", "checkedBy": "desk-7"},
        "coercionCheck": coercion_check(),
    } | members


def coercion_check(outcome: str = "noSign") -> Body:
    return {"by": "desk-7", "outcome": outcome}


def subject(identifier: str) -> Body:
    return {"receivedRelease" if identifier.startswith("receivedRelease:") else "record": identifier}


def identification(**members: Any) -> Body:
    return {
        "methods": ["dna"],
        "evidence": ["report 1 of the invented laboratory"],
        "competentAuthority": "Invented Court No. 1",
        "state": "preliminary",
        "conclusion": "deceased",
        "decidedAt": "2026-11-20T09:00:00Z",
    } | members


def notification(**members: Any) -> Body:
    return {
        "at": "2026-11-21T09:00:00Z",
        "notifier": "trained volunteer",
        "personTold": "sibling",
        "language": "ar",
        "inPerson": True,
    } | members


def pointers(response: httpx2.Response) -> list[str]:
    """Return the places that a problem document names."""
    return [error["pointer"] for error in response.json()["errors"]]


def refusal(response: httpx2.Response) -> tuple[int, str]:
    """Return status and problem code."""
    return response.status_code, response.json()["type"].removeprefix("urn:mpex:problem:")


def events(world: World) -> list[str]:
    """Return the events of the log entries so far."""
    with world.node.engine.connect() as conn:
        bodies = conn.scalars(sa.select(t.audit_leaf.c.body).order_by(t.audit_leaf.c.serial))
        return [json.loads(body)["event"] for body in bodies]


def linked(world: World, target: str, relation: str) -> list[str]:
    """Return the documents that point to `target`."""
    with world.node.engine.connect() as conn:
        return links.linked_to(conn, target, relation)


def made(world: World, who: str, path: str, body: Body) -> Body:
    """Create a document and return it as the server shows it."""
    response = world.call(who, "POST", path, body)
    assert response.status_code == 201, response.text
    return dict(response.json())


def one_of_each(world: World) -> dict[str, str]:
    """Create one document of each kind; return identifiers by kind."""
    person_id = made(world, "registrar", "/v1/persons", person())["recordId"]
    remains_id = made(world, "registrar", "/v1/remains", remains_unit())["recordId"]
    request = made(world, "registrar", "/v1/search-requests", search_request(person_id))
    decided = identification(persons=[person_id], remains=[remains_id])
    group_id = made(world, "registrar", "/v1/groups", group())["groupId"]
    listed = {"members": [member("1")]}
    members = world.call("registrar", "POST", f"/v1/groups/{group_id}/members", listed).json()
    return {
        "person": person_id,
        "remains": remains_id,
        "group": group_id,
        "member": members["outcomes"][0]["memberId"],
        "request": request["requestId"],
        "sample": made(world, "registrar", "/v1/reference-samples", reference_sample(person_id))["sampleId"],
        "directive": made(world, "registrar", "/v1/directives", directive())["directiveId"],
        "incident": made(world, "registrar", "/v1/incidents", incident())["incidentId"],
        "identityError": made(world, "registrar", "/v1/identity-errors", identity_error(person_id))[
            "identityErrorId"
        ],
        "erasure": _revoked_erasure(world, person_id),
        "match": made(world, "caseWorker", "/v1/matches", match(person_id, remains_id))["matchId"],
        "identification": made(world, "releaseOfficer", "/v1/identifications", decided)["identificationId"],
    }


def _revoked_erasure(world: World, person_id: str) -> str:
    """Return a request to erase that has ended and left everything as it was."""
    asked = erasure(person_id)
    path = f"/v1/erasure-requests/{made(world, 'registrar', '/v1/erasure-requests', asked)['erasureId']}"
    revoked = world.call("registrar", "POST", f"{path}/revocation", {"identityProof": asked["identityProof"]})
    return str(revoked.json()["erasureId"])


def erase(world: World, document_id: str) -> None:
    """Erase a document as a receipt would say it."""
    node = world.node
    with transaction(node.engine) as conn:
        Documents(conn, node.keys, world.clock).erase(document_id)


def received_release(world: World) -> str:
    """Store a stand-in for a release that a partner gave, and return its identifier."""
    node, identifier = world.node, new_id("receivedRelease")
    with transaction(node.engine) as conn:
        Documents(conn, node.keys, world.clock).create(
            identifier, {}, kind="receivedRelease", type="receivedRelease", status="active"
        )
    return identifier
