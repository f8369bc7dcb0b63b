"""Looks at once at what a partner says of itself, when it names a key that is not known of it (TRUST-018).

Whoever sends such a kid makes the node ask at an address for which anchors vouch, and at no other, once a
minute and partner, and from a few threads of a process: one that is slow keeps no other from being asked.
"""

from datetime import datetime, timedelta
from typing import Any

from mpex_server.disclosures.work import OwnWork
from mpex_server.errors import Problem
from mpex_server.federation import entries, mandate, statements
from mpex_server.federation.chains import WELL_KNOWN
from mpex_server.federation.directory import NODE
from mpex_server.federation.faults import TrustError
from mpex_server.federation.statements import Statement
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.oauth import clients
from mpex_server.oauth.clients import Said
from mpex_server.storage.engine import transaction

PAUSE = timedelta(minutes=1)
_SOON = {"Retry-After": "1"}
Json = dict[str, Any]


def look(node: Node, node_id: str) -> Json | None:
    """Return the entry of a partner with the keys of today; None when it is not asked, or says nothing sound.

    Whether the keys are others than those that the caller has tried is for the caller to see: a look at the
    anchors may have brought them meanwhile. Call it outside of any transaction. Raises Problem `unavailable`
    while another thread asks that partner.
    """
    with node.looking.take(node_id) as free:
        if not free:
            raise Problem("unavailable", "A partner is being asked for its keys.", headers=_SOON)
        try:
            said = _claimed(node, node_id)
            return None if said is None else _asked(node, said)
        except TrustError:
            return None


def _claimed(node: Node, node_id: str) -> Said | None:
    """Return what is known of a partner that may be looked at now, and remember that it was."""
    now = node.clock.now()
    with transaction(node.engine, write=False) as conn:
        if clients.looked_at(conn, node_id, since=instant(now - PAUSE)):
            return None
    with transaction(node.engine) as conn:
        return clients.claim_look(conn, node_id, now, since=instant(now - PAUSE))


def _asked(node: Node, asked: Said) -> Json | None:
    text = node.peers.fetch(str(asked.entry["url"]) + WELL_KNOWN)
    now = node.clock.now()
    with transaction(node.engine) as conn:
        known = clients.said_last(conn, str(asked.entry["nodeId"]))
        if known is None:
            return None
        renewed = _renewed(known, text, now)
        if renewed != known.entry and clients.renew(conn, known, Said(renewed, text), at=instant(now)):
            entries.learnt(OwnWork(conn, node.keys, node.clock, node.settings), "partnerKeysRenewed")
    return renewed


def _renewed(known: Said, text: str, now: datetime) -> Json:
    """Return the entry with the keys of today, told by the key for which the superiors vouched last."""
    url = str(known.entry["url"])
    before = statements.configuration(known.text, entity=url, now=now)
    today = statements.configuration(text, entity=url, now=now)
    if today.signer != before.signer:
        raise TrustError("unvouchedKey", url, "its superiors must be asked about the key")
    if today.claims["iat"] < before.claims["iat"]:
        return known.entry
    return with_keys(known.entry, today)


def with_keys(entry: Json, today: Statement) -> Json:
    """Return an entry with the keys that the node says it has; raises TrustError."""
    about, url = today.metadata(NODE), str(entry["url"])
    if about.get("nodeId") != entry["nodeId"]:
        raise TrustError("wrongSubject", url, "it is another node")
    renewed = entry | {"jwks": about.get("jwks")}
    mandate.check_entry(renewed, url)
    return renewed
