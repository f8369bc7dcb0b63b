"""Operations of an anchor: in the forms of OpenID Federation 1.0, section 8, and its log."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import orjson

from mpex_server.anchor import repository, service
from mpex_server.audit import proofs
from mpex_server.audit import repository as log
from mpex_server.disclosures.work import OwnWork
from mpex_server.errors import Fault, Problem
from mpex_server.federation import marks, statements
from mpex_server.http import validation
from mpex_server.http.call import Call, Reply
from mpex_server.http.operations import public
from mpex_server.kit import strict_json
from mpex_server.storage.engine import UNSTATED, transaction

_PUBLIC = {"Cache-Control": "public, max-age=300"}


@public("fetchStatement")
def fetch(call: Call) -> Reply:
    """Return what this anchor says of an entity."""
    entity = validation.query_of(call)["sub"]
    with _work(call) as work:
        text = service.statement(work, entity)
    if text is None:
        raise Problem("notFound", "This anchor does not vouch for that entity.")
    return Reply(body=text, media_type=f"application/{statements.TYP}", headers=dict(_PUBLIC))


@public("listSubordinates")
def subordinates(call: Call) -> Reply:
    """Return whom this anchor vouches for: nodes, those who vouch for others, or all."""
    query = validation.query_of(call)
    between = {"true": True, "false": False}.get(query.get("intermediate", ""))
    with _work(call) as work:
        listed = repository.enrolled(work.conn, intermediate=False if query.get("entity_type") else between)
    return Reply(body=strict_json.dumps(listed), headers=dict(_PUBLIC))


@public("readMarkStatus")
def mark_status(call: Call) -> Reply:
    """Return whether a mark stands."""
    if isinstance(call.body, Problem):
        raise call.body
    try:
        form = parse_qs(call.body.decode("ascii"), strict_parsing=True, max_num_fields=5)
        (token,) = form["trust_mark"]
    except (ValueError, KeyError):
        raise Problem("invalidParameter", faults=[Fault("trust_mark", "is sent once, in a form")]) from None
    with _work(call) as work:
        text = service.status(work, token)
    return Reply(body=text, media_type=f"application/{marks.STATUS_TYP}")


@public("getAnchorCheckpoint")
def checkpoint(call: Call) -> Reply:
    """Return the newest checkpoint of the anchor's log as a signed note (TRUST-024)."""
    with _work(call) as work:
        return Reply(body=proofs.checkpoint(work.conn), media_type="text/plain")


@public("listAnchorLogEntries")
def entries(call: Call) -> Reply:
    """Return entries of the anchor's log in their order: those that have a place, which a checkpoint covers.

    They name organisations and marks, which are public, so that whoever reads them leaves no entry.
    """
    query = validation.query_of(call)
    with _work(call) as work:
        found = log.entries(work.conn, query["start"], query["limit"])
    return Reply(body={"items": [orjson.loads(body) for body in found]})


@public("getAnchorInclusionProof")
def inclusion(call: Call) -> Reply:
    """Return the proof that an entry is in the anchor's log."""
    query = validation.query_of(call)
    with _work(call) as work:
        return Reply(body=proofs.inclusion(work.conn, query["leaf"], query.get("size")))


@public("getAnchorConsistencyProof")
def consistency(call: Call) -> Reply:
    """Return the proof that the anchor's log only grew."""
    query = validation.query_of(call)
    with _work(call) as work:
        return Reply(body=proofs.consistency(work.conn, query["from"], query["to"]))


@contextmanager
def _work(call: Call) -> Iterator[OwnWork]:
    node = call.node
    with transaction(node.engine, UNSTATED, write=False) as conn:
        yield OwnWork(conn, node.keys, node.clock, node.settings)
