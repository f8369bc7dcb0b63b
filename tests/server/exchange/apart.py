"""Checks that keep what is one partner's apart from what is another's, asked of the functions themselves.

Partners meet under one name only by chance or by intent, so no cell of the table of callers shows these.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

from mpex_server.custody import tombstones
from mpex_server.custody.service import TRANSFERS
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain.recall import ACTIVE
from mpex_server.events.taken import Taken
from mpex_server.kit.ids import new_id
from mpex_server.onward import breaches
from mpex_server.partner_searches import service as partner_searches
from mpex_server.partner_searches import standing
from mpex_server.recalls import outbox
from mpex_server.received_releases import service as received
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import transaction
from mpex_server.tasks import kept_queries
from mpex_server.tasks import repository as tasks

from tests.server.exchange.quarter import Node
from tests.server.exchange.seen import Guard, Json, Seen

_AT: Final = "2026-11-21T10:00:00Z"
_OWNER: Final = "node:" + "b" * 26
_OTHER: Final = "node:" + "c" * 26
_SERVER: Final = "mpex_server"


class _UndoneError(Exception):
    """Ends a transaction of which nothing is to stay."""


def _asked(question: Callable[[OwnWork], bool]) -> Seen:
    """Return whether a question is answered with yes in a transaction of the node, which leaves nothing."""

    def seen(node: Node) -> bool:
        app, answers = node.world.node, list[bool]()
        with suppress(_UndoneError), transaction(app.engine) as conn:
            answers.append(question(OwnWork(conn, app.keys, app.clock, app.settings)))
            raise _UndoneError
        return answers == [True]

    return seen


def _document(
    work: OwnWork, kind: str, body: Json, status: str = "active", owner: str | None = None
) -> Document:
    return work.documents.create(new_id(kind), body, kind=kind, type=kind, status=status, owner=owner)


def _told(
    work: OwnWork, partner: str, reference: str, kind: disclosed.Kind = "release", of: str | None = None
) -> str:
    """Let something of a record, by default a new one, go to a partner under a name; return the record."""
    record = of or _document(work, "person", {}).id
    disclosed.add(
        work.conn,
        kind=kind,
        record=record,
        directives=(),
        partner=partner,
        purpose="searchLiving",
        categories=("names",),
        reference=reference,
        at=_AT,
        leaf=new_id("leaf"),
    )
    return record


def _released_to_one(work: OwnWork) -> bool:
    release = new_id("release")
    record = _told(work, _OWNER, release)
    return disclosed.was_released(work.conn, _OWNER, record) and not (
        disclosed.was_released(work.conn, _OTHER, record)
        or disclosed.under_reference(work.conn, _OTHER, release)
        or disclosed.records_released(work.conn, _OTHER, [release])
        or any(entry.reference == release for entry in disclosed.to_partner(work.conn, _OTHER))
    )


def _settled_of_one(work: OwnWork) -> bool:
    release = new_id("release")
    for partner in (_OWNER, _OTHER):
        _told(work, partner, release)
    disclosed.settle(work.conn, _OWNER, release, "erased")
    (others,) = disclosed.under_reference(work.conn, _OTHER, release)
    return others.state == ACTIVE


def _breach_of_one(work: OwnWork) -> bool:
    release = new_id("release")
    record = _told(work, _OWNER, release)
    _told(work, _OTHER, release, of=record)
    for partner in (_OWNER, _OTHER):
        breach = {"kind": "breach", "learntAt": _AT}
        breaches.take(work, Taken(partner, release, breaches.KIND, breach, ""), "", "searchLiving")
    waiting = tasks.open_of(work.conn, work.keys, record, breaches.KIND)
    return sorted(task.details["partner"] for task in waiting) == [_OWNER, _OTHER]


def _received_of_one(work: OwnWork) -> bool:
    release, found = new_id("release"), []
    for partner in (_OWNER, _OTHER):
        body = {"from": partner, "origin": {"custodian": partner}, "release": release}
        found.append(_document(work, received.KIND, body, owner=partner).id)
        links.link(work.conn, found[-1], "release", release)
    (own,) = received.names_of(work, _OWNER, found)[:1]
    under = [entry.id for entry in received.ever_under(work, release, _OWNER)]
    return (own, len(received.names_of(work, _OWNER, found)), under) == (release, 1, found[:1])


def _news(work: OwnWork) -> list[Json]:
    """Let two partners tell news of one search, the first twice, and that there is something new."""
    search = _document(work, partner_searches.KIND, {"news": []})
    for partner in (_OWNER, _OTHER, _OWNER):
        query = new_id("search")
        _told(work, partner, query, "query")
        links.link(work.conn, search.id, "search", query)
        for take, said in (
            (partner_searches.take_news, {"searchId": query, "choice": "aliveOnly"}),
            (standing.take_news, {"items": [{"searchId": query, "news": "some"}]}),
        ):
            take(work, Taken(partner, "", "", said, ""), "", "searchLiving")
    news: list[Json] = partner_searches.find(work, search.id).body["news"]
    return news


def _one_news_of_each(work: OwnWork) -> bool:
    told = sorted((entry["partner"], "searchAnew" in entry) for entry in _news(work))
    return told == [(partner, anew) for partner in (_OWNER, _OTHER) for anew in (False, True)]


def _kept_for_one(work: OwnWork) -> bool:
    search = new_id("search")
    kept_queries.keep_standing(work, partner=_OWNER, search=search, body={}, until=_AT)
    own, others = (kept_queries.of_search(work, partner=name, search=search) for name in (_OWNER, _OTHER))
    return (len(own), others) == (1, [])


def _hit_of_one(work: OwnWork) -> bool:
    answer = {"partner": _OWNER, "result": {"hits": [{"reference": "A"}]}}
    search = _document(work, partner_searches.KIND, {"results": [answer]})
    return [partner_searches.hit_of(search, name, "A") for name in (_OWNER, _OTHER)] == [True, False]


def _sent_to_one(work: OwnWork) -> bool:
    """Ask what is delivered to a partner, what waits for another, and from what its events are counted."""
    subject = new_id("release")
    for partner in (_OWNER, _OTHER):
        outbox.enqueue(
            work,
            partner=partner,
            event_type="disputeEnded",
            subject=subject,
            purpose="searchLiving",
            event={"at": _AT},
        )
    soon = work.now() + timedelta(seconds=1)
    outbox.postpone(work.conn, _OWNER, now=soon, again=soon + timedelta(days=9))
    events = [outbox.claim(work.conn, work.keys, partner=name, now=soon) for name in (_OWNER, _OTHER)]
    return [event and (event.partner, event.claims["sequence"]) for event in events] == [None, (_OTHER, 1)]


def _moved(work: OwnWork, status: str, owner: str | None) -> str:
    """Let a record be gone from here that a transfer was about; return it."""
    record = _document(work, "person", {}).id
    ends = {"to": _OTHER if owner is None else work.settings.node_id}
    transfer = _document(work, TRANSFERS.kind, ends, status, owner)
    links.link(work.conn, transfer.id, tombstones.MOVES, record)
    work.documents.erase(record)
    return record


def _erased_here(work: OwnWork) -> bool:
    """Ask of what came here, and of what nobody took from here: erased, it neither went nor comes back."""
    came, stayed = _moved(work, "completed", _OWNER), _moved(work, "refused", None)
    free = [tombstones.is_free(work, record) for record in (came, stayed)]
    return (free, tombstones.custodian_of(work, came)) == ([False, False], None)


def _went(work: OwnWork) -> bool:
    gone = _moved(work, "completed", None)
    return tombstones.is_free(work, gone) and tombstones.custodian_of(work, gone) == _OTHER


_OF_PARTNER: Final = "_ROW.partner == partner"
_DISCLOSED: Final = f"{_SERVER}.disclosures.repository"
_RECEIVED: Final = f"{_SERVER}.received_releases.service"
_SEARCHES: Final = f"{_SERVER}.partner_searches"
_TOMBSTONES: Final = f"{_SERVER}.custody.tombstones"
_NEWS_OF_OTHERS: Final = "entry['partner'] != taken.partner"
APART: Final = {
    f"{place.removeprefix(_SERVER)} {check} {instead}": Guard(place, check, instead, _asked(question))
    for place, check, instead, question in (
        (f"{_DISCLOSED}:was_released", _OF_PARTNER, True, _released_to_one),
        (f"{_DISCLOSED}:under_reference", _OF_PARTNER, True, _released_to_one),
        (f"{_DISCLOSED}:records_released", _OF_PARTNER, True, _released_to_one),
        (f"{_DISCLOSED}:to_partner", _OF_PARTNER, True, _released_to_one),
        (f"{_DISCLOSED}:settle", _OF_PARTNER, True, _settled_of_one),
        (f"{_SERVER}.onward.breaches:take", "task.details['partner'] == taken.partner", True, _breach_of_one),
        (f"{_RECEIVED}:names_of", "entry.owner == partner", True, _received_of_one),
        (f"{_RECEIVED}:ever_under", "partner in custodians.of(entry.body)", True, _received_of_one),
        (f"{_SEARCHES}.service:take_news", _NEWS_OF_OTHERS, True, _one_news_of_each),
        (f"{_SEARCHES}.service:take_news", _NEWS_OF_OTHERS, False, _one_news_of_each),
        (f"{_SEARCHES}.standing:_note", "entry['partner'] != partner", True, _one_news_of_each),
        (f"{_SEARCHES}.standing:_note", "entry['partner'] != partner", False, _one_news_of_each),
        (f"{_SEARCHES}.service:hit_of", "entry['partner'] == partner", True, _hit_of_one),
        (f"{_SERVER}.tasks.kept_queries:of_search", "query.owner == partner", True, _kept_for_one),
        (f"{_SERVER}.recalls.outbox:claim", _OF_PARTNER, True, _sent_to_one),
        (f"{_SERVER}.recalls.outbox:postpone", _OF_PARTNER, True, _sent_to_one),
        (f"{_SERVER}.recalls.outbox:_next_sequence", _OF_PARTNER, True, _sent_to_one),
        (f"{_TOMBSTONES}:is_free", "last.owner is None", True, _erased_here),
        (f"{_TOMBSTONES}:is_free", "last.owner is None", False, _went),
        (f"{_TOMBSTONES}:is_free", "transfer.owner is not None", True, _erased_here),
        (f"{_TOMBSTONES}:given_up", "last.owner is None", True, _erased_here),
    )
}
"""By place, check and what it is when it is taken out."""
