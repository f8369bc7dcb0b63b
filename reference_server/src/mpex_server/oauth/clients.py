"""Registered clients: the node's own staff clients, and partners for whom anchors vouch.

A partner's client id is its node id, so the identifier alone tells where to look.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from mpex_spec.access_table import FORMER_PARTNER, PARTNER
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)

from mpex_server.domain.purposes import PROHIBITED_CLASSES
from mpex_server.kit.clock import instant
from mpex_server.oauth import said, vetoes
from mpex_server.oauth.access import actions_of
from mpex_server.oauth.vetoes import KEPT_OUT
from mpex_server.storage import irreversible
from mpex_server.storage import tables as t
from mpex_server.storage.prepared import Prepared

ACTIVE, ENDED = "active", "ended"
_MARK = "noImmigrationEnforcement"
_STAFF = Prepared(
    select(t.oauth_client.c.person, t.oauth_client.c.roles, t.oauth_client.c.jwks).where(
        t.oauth_client.c.client_id == bindparam("wanted"), t.oauth_client.c.status == ACTIVE
    )
)
_ACTIVE_PARTNER = select(t.partner.c.entry, t.partner.c.fault, t.partner.c.epoch).where(
    t.partner.c.node_id == bindparam("wanted"),
    t.partner.c.status == ACTIVE,
    or_(t.partner.c.valid_until.is_(None), t.partner.c.valid_until > bindparam("at")),
)
_PARTNER = Prepared(_ACTIVE_PARTNER)
_PARTNER_TO_TELL = Prepared(_ACTIVE_PARTNER.with_for_update(read=True))


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client; `entry` is that of a partner (partner.json), None for staff.

    One that is `former` was suspended, or nobody vouches for it now: it may only see recalls to their end.
    `fault` is why it has not all access, by the list `trustFaults`, as far as anchors are the reason.
    `person` is the first client of whoever uses it, so that somebody with two clients counts as one person.
    `epoch` of a partner is another one each time that it is given access again (AUTH-019); staff get new
    clients, and none back.
    """

    client_id: str
    roles: tuple[str, ...]
    jwks: dict[str, Any]
    entry: dict[str, Any] | None
    former: bool = False
    person: str = ""
    fault: str = ""
    epoch: str | None = None

    def actions(self, purpose: str) -> frozenset[str]:
        """Return what the table of access opens to this client for a purpose (ACC-001)."""
        if self.entry is None:
            return actions_of(self.roles, purpose)
        caller = PARTNER if self.has_access else FORMER_PARTNER
        return actions_of((caller,), purpose, self.entry["recipientClass"])

    @property
    def has_access(self) -> bool:
        """Whether more is open to it than to see recalls to their end (AUTH-013, AUTH-015, TRUST-031)."""
        return self.marked and not self.former and not self.barred

    @property
    def barred(self) -> bool:
        """Whether it is of a class that never is a partner, however it became one (TRUST-031)."""
        return self.entry is not None and _is_barred(self.entry)

    @property
    def marked(self) -> bool:
        """Whether the client is ours or holds the mark of no immigration enforcement (AUTH-013)."""
        return self.entry is None or self.entry.get(_MARK) is True

    def may_use(self, purpose: str) -> bool:
        """Tell whether the client's mandate contains the purpose (AUTH-010)."""
        return self.entry is None or purpose in self.entry["purposes"]


@dataclass(frozen=True, slots=True)
class Said:
    """The entry of a partner, and the entity configuration from which its name and keys are."""

    entry: dict[str, Any]
    text: str


def find(conn: Connection, client_id: str, now: datetime, *, to_tell: bool = False) -> Client | None:
    """Return the client of that id that is active at `now`, or None; the end of what vouches for it ends it.

    `to_tell` holds a partner fast until the transaction ends: a suspension at the same time comes before, or
    finds what was disclosed to it and recalls it (RECL-018).
    """
    if client_id.startswith("node:"):
        statement = _PARTNER_TO_TELL if to_tell else _PARTNER
        known = statement.first(conn, wanted=client_id, at=instant(now))
        if known is None:
            return None
        entry = orjson.loads(known[0])
        return Client(client_id, (), entry["jwks"], entry, fault=known[1] or "", epoch=known[2])
    row = _STAFF.first(conn, wanted=client_id)
    if row is None:
        return None
    person, roles, jwks = row
    return Client(client_id, tuple(roles.split()), orjson.loads(jwks), None, person=person)


def find_former(conn: Connection, client_id: str, now: datetime) -> Client | None:
    """Return a partner that is registered no more, as it was last known, or None.

    Its keys end with what it last said of itself: nobody would learn that it has ended one (TRUST-019).
    """
    row = t.partner.c
    found = select(row.entry, row.configuration, row.fault, row.status, row.epoch)
    known = conn.execute(found.where(row.node_id == client_id)).first()
    if known is None:
        return None
    entry, fault = orjson.loads(known.entry), known.fault or ("expired" if known.status == ACTIVE else "")
    if known.configuration is not None and not said.holds(known.configuration, now):
        entry["jwks"] = {"keys": []}
    return Client(client_id, (), entry["jwks"], entry, former=True, fault=fault, epoch=known.epoch)


def register_staff(
    conn: Connection,
    client_id: str,
    *,
    roles: tuple[str, ...],
    jwks: dict[str, Any],
    at: str,
    person: str | None = None,
) -> None:
    """Add a staff client with its public keys; a client of that id is replaced.

    `person` is the first client of the person who uses it; None for somebody new.
    """
    conn.execute(delete(t.oauth_client).where(t.oauth_client.c.client_id == client_id))
    conn.execute(
        insert(t.oauth_client).values(
            client_id=client_id,
            person=person or client_id,
            roles=" ".join(roles),
            jwks=orjson.dumps(jwks).decode(),
            status=ACTIVE,
            created_at=at,
        )
    )


def register_partner(conn: Connection, entry: dict[str, Any], *, at: str, until: str | None = None) -> None:
    """Add a partner by hand, or replace the entry of one that is known; None for no end of `until`."""
    terms = {"valid_until": until, "configuration": None, "judged": None, "fault": None, "recall_at": None}
    _register(conn, entry, terms, at)


def admit(
    conn: Connection,
    entry: dict[str, Any],
    configuration: str,
    *,
    judged: str,
    at: str,
    until: str,
    fault: str | None = None,
    recall_at: str | None = None,
) -> bool:
    """Make a node a partner until the instant `until`, by what it says of itself and its anchors of it.

    `judged` is what it said when its marks were judged, which may be older than `configuration`. `fault` is
    why it lacks the second mark, and `recall_at` when what it holds is called back for that.
    Returns False for one whom staff keep out, who stays out.
    """
    if vetoes.covers(conn, entry, configuration):
        return False
    terms = {"valid_until": until, "configuration": configuration, "judged": judged, "fault": fault}
    _register(conn, entry, {**terms, "recall_at": recall_at and _earlier(recall_at)}, at)
    return True


def _register(conn: Connection, entry: dict[str, Any], terms: dict[str, Any], at: str) -> None:
    values = {"entry": orjson.dumps(entry).decode(), "status": ACTIVE, "updated_at": at, **terms}
    table, this_one = t.partner, t.partner.c.node_id == entry["nodeId"]
    before = conn.execute(select(table).where(this_one).with_for_update()).one_or_none()
    if before is None:
        values["recall_at"] = None
        conn.execute(insert(table).values(node_id=entry["nodeId"], **values))
        return
    if entry[_MARK] and not _had_access(before, at):
        values["epoch"] = secrets.token_urlsafe(9)
    conn.execute(update(table).where(this_one).values(values))


def _had_access(before: Row[Any], at: str) -> bool:
    """Tell whether a partner that is registered again had access until now, so that its tokens hold on."""
    valid = before.status == ACTIVE and (before.valid_until is None or before.valid_until > at)
    return valid and orjson.loads(before.entry)[_MARK] is True


def suspend_partner(
    conn: Connection,
    node_id: str,
    *,
    at: str,
    kept_out: bool = False,
    fault: str | None = None,
    recall_at: str | None = None,
) -> bool:
    """End a partner's access at once, and for a restored backup too; return whether it was known.

    One that is `kept_out` comes back by a decision of staff only, whatever the anchors say of it. `fault` is
    why the anchors vouch for it no more, and `recall_at` when what it holds is called back for that.
    """
    row, status = t.partner.c, KEPT_OUT if kept_out else "suspended"
    end = recall_at and _earlier(recall_at)
    ended = {"status": status, "fault": fault, "recall_at": end, "updated_at": at}
    known = conn.execute(update(t.partner).where(row.node_id == node_id).values(ended)).rowcount == 1
    if known and kept_out:
        vetoes.lay(conn, node_id)
    return _ended(conn, node_id, at, known)


def _earlier(recall_at: str) -> ColumnElement[str]:
    """Return the instant, or the one that was set when trust ended first."""
    row = t.partner.c
    return case((row.recall_at < recall_at, row.recall_at), else_=recall_at)


def let_in(conn: Connection, node_id: str, *, at: str) -> bool:
    """Let a partner that is kept out be admitted again by an anchor; return whether it was kept out."""
    row = t.partner.c
    vetoes.lift(conn, node_id)
    lifting = update(t.partner).where(row.node_id == node_id, row.status == KEPT_OUT)
    return conn.execute(lifting.values(status="suspended", updated_at=at)).rowcount == 1


def move(conn: Connection, node_id: str, url: str, *, at: str) -> bool:
    """Let a node id be that of the node at another address; return whether it was known (TRUST-011).

    What it was given at the old one ends: whoever is left there may not be the partner any more.
    """
    row = t.partner.c
    known = conn.execute(select(row.entry, row.status).where(row.node_id == node_id).with_for_update())
    found = known.one_or_none()
    if found is None:
        return False
    moved = orjson.dumps(orjson.loads(found.entry) | {"url": url}).decode()
    values = {"entry": moved, "epoch": secrets.token_urlsafe(9), "valid_until": at, "updated_at": at}
    conn.execute(update(t.partner).where(row.node_id == node_id).values(values))
    if found.status == KEPT_OUT:
        vetoes.lay(conn, node_id)
    return True


def addresses(conn: Connection) -> dict[str, str]:
    """Return by node id the address of every partner that there is or ever was."""
    rows = conn.execute(select(t.partner.c.node_id, t.partner.c.entry))
    return {node_id: orjson.loads(text)["url"] for node_id, text in rows}


def staff(conn: Connection) -> list[tuple[str, str, str]]:
    """Return identifier, roles and status of every staff client, oldest first."""
    row = t.oauth_client.c
    rows = conn.execute(select(row.client_id, row.roles, row.status).order_by(row.created_at, row.client_id))
    return [(found.client_id, found.roles, found.status) for found in rows]


def person_of(conn: Connection, client_id: str) -> str | None:
    """Return who uses a staff client or used it before it was ended; None for none."""
    row = t.oauth_client.c
    person: str | None = conn.scalar(select(row.person).where(row.client_id == client_id))
    return person


def end_staff(conn: Connection, client_id: str, *, at: str) -> bool:
    """End a staff client at once, its tokens with it, and for a restored backup too (AUTH-015, AUTH-016).

    Returns whether it was known.
    """
    ending = update(t.oauth_client).where(t.oauth_client.c.client_id == client_id).values(status=ENDED)
    return _ended(conn, client_id, at, conn.execute(ending).rowcount == 1)


def _ended(conn: Connection, client_id: str, at: str, known: bool) -> bool:
    if known:
        irreversible.note(conn, client_id, 0, erased=False, at=at)
    return known


def federated(conn: Connection) -> list[dict[str, Any]]:
    """Return the entries of the partners that anchors vouched for and nobody has suspended since."""
    row = t.partner.c
    active = select(row.entry).where(row.status == ACTIVE, row.configuration.is_not(None))
    return [orjson.loads(text) for text in conn.scalars(active.order_by(row.node_id))]


def configurations(conn: Connection) -> dict[str, str]:
    """Return by entity what the partners last said of themselves."""
    row = t.partner.c
    known = select(row.entry, row.configuration).where(row.configuration.is_not(None))
    return {orjson.loads(entry)["url"]: text for entry, text in conn.execute(known)}


def judged(conn: Connection) -> dict[str, str]:
    """Return by entity what the partners said of themselves when their marks were judged last."""
    row = t.partner.c
    known = select(row.entry, row.judged).where(row.judged.is_not(None))
    return {orjson.loads(entry)["url"]: text for entry, text in conn.execute(known)}


def looked_at(conn: Connection, node_id: str, *, since: str) -> bool:
    """Tell whether there is nothing to look at for a partner: it is none by an anchor, or was looked at."""
    return conn.scalar(select(t.partner.c.node_id).where(*_unseen(node_id, since))) is None


def claim_look(conn: Connection, node_id: str, now: datetime, *, since: str) -> Said | None:
    """Take it on, for all processes of the node, to look at a partner; None when that was done `since`."""
    row = t.partner.c
    known = select(row.entry, row.configuration).where(*_unseen(node_id, since), _valid(now))
    found = conn.execute(known.with_for_update()).one_or_none()
    if found is None:
        return None
    conn.execute(update(t.partner).where(row.node_id == node_id).values(looked_at=instant(now)))
    return Said(orjson.loads(found.entry), found.configuration)


def said_last(conn: Connection, node_id: str) -> Said | None:
    """Return what is known of an active partner of an anchor, and let nobody change it meanwhile."""
    row = t.partner.c
    active = (row.node_id == node_id, row.status == ACTIVE, row.configuration.is_not(None))
    known = select(row.entry, row.configuration).where(*active).with_for_update()
    found = conn.execute(known).one_or_none()
    return Said(orjson.loads(found.entry), found.configuration) if found else None


def former(conn: Connection) -> list[Said]:
    """Return what is known of the partners of anchors whose access has ended."""
    row = t.partner.c
    ended = select(row.entry, row.configuration).where(row.status != ACTIVE, row.configuration.is_not(None))
    return [Said(orjson.loads(entry), text) for entry, text in conn.execute(ended.order_by(row.node_id))]


def renew(conn: Connection, known: Said, today: Said, *, at: str) -> bool:
    """Replace what a partner says of itself, unless it is known otherwise by now; status and term stay."""
    row = t.partner.c
    unchanged = (row.node_id == known.entry["nodeId"], row.configuration == known.text)
    values = {"entry": orjson.dumps(today.entry).decode(), "configuration": today.text, "updated_at": at}
    renewing = update(t.partner).where(*unchanged).values(values).returning(row.status)
    status = conn.scalar(renewing)
    if status == KEPT_OUT:
        vetoes.lay(conn, known.entry["nodeId"])
    return status is not None


def partners(
    conn: Connection, now: datetime, *, after: str = "", limit: int = 100, to_tell: bool = False
) -> list[dict[str, Any]]:
    """Return the entries of the partners active at `now`, ordered by node id; `to_tell` as in `find`."""
    row = t.partner.c
    active = select(row.entry).where(_valid(now), row.node_id > after).order_by(row.node_id).limit(limit)
    rows = conn.scalars(active.with_for_update(read=True) if to_tell else active)
    return [orjson.loads(text) for text in rows]


def can_have_access(entry: dict[str, Any]) -> bool:
    """Tell whether a partner has the mark, and is of a class that is given access (AUTH-013, TRUST-031)."""
    return entry.get(_MARK) is True and not _is_barred(entry)


def _is_barred(entry: dict[str, Any]) -> bool:
    return entry["recipientClass"] in PROHIBITED_CLASSES


def _unseen(node_id: str, since: str) -> tuple[ColumnElement[bool], ...]:
    row = t.partner.c
    unseen = or_(row.looked_at.is_(None), row.looked_at <= since)
    return row.node_id == node_id, row.status == ACTIVE, row.configuration.is_not(None), unseen


def _valid(now: datetime) -> ColumnElement[bool]:
    row = t.partner.c
    return and_(row.status == ACTIVE, or_(row.valid_until.is_(None), row.valid_until > instant(now)))
