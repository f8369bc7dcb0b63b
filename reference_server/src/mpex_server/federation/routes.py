"""The entity configuration of a node or an anchor (OpenID Federation 1.0, section 9)."""

from mpex_server.anchor import service as anchor
from mpex_server.disclosures.work import OwnWork
from mpex_server.federation import own, repository, statements
from mpex_server.http.call import Call, Reply
from mpex_server.http.operations import public
from mpex_server.storage.engine import UNSTATED, transaction


@public("getEntityConfiguration")
def entity_configuration(call: Call) -> Reply:
    """Return what this entity says of itself (TRUST-001)."""
    node = call.node
    with transaction(node.engine, UNSTATED, write=False) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        if node.settings.role == "anchor":
            claims = anchor.claims(work)
        else:
            claims = own.node_claims(node.settings, node.keys, repository.marks(conn))
    text = own.configuration(node.settings, node.keys, claims, now=node.clock.now())
    headers = {"Cache-Control": "public, max-age=300"}
    return Reply(body=text, media_type=f"application/{statements.TYP}", headers=headers)
