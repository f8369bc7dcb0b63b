"""Standing searches as this node asks for them: what they need, their news, and their end."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mpex_server.audit import leaves
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import usable
from mpex_server.disclosures.work import OwnWork, Work
from mpex_server.errors import Fault, Problem
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.partner_searches import service
from mpex_server.recalls import service as recalls
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository as tasks

_PAGE = 100
_LONGEST = timedelta(days=365)
_SEARCH, _REQUEST = "search", "request"
Json = dict[str, Any]


def check(work: Work, asked: Json) -> None:
    """Refuse a standing search without an open request for the person, or for more than a year (SRCH-023)."""
    if "standingUntil" not in asked:
        return
    now, faults = work.now(), []
    if not instant(now) < asked["standingUntil"] <= instant(now + _LONGEST):
        faults.append(Fault("/standingUntil", "is past, or more than a year ahead"))
    if not _is_open(work, asked):
        faults.append(Fault("/searchRequest", "names no open search request for this person"))
    if faults:
        raise Problem("ruleViolation", faults=faults)


def take_news(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Note which standing queries fit something new at a partner, and let a case worker search anew."""
    for item in taken.event["items"]:
        if item["news"] == "some" and disclosed.was_sent(work.conn, taken.partner, item["searchId"]):
            (search_id,) = links.linked_to(work.conn, item["searchId"], _SEARCH)
            _note(work, service.find(work, search_id), taken.partner)


def end_closed(node: Node) -> int:
    """Call back the standing queries whose request was closed or whose record is not in use any more."""
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        over = [search for search in _standing(work) if not _goes_on(work, search)]
        for search in over:
            _end(work, search)
        if over:
            who, at = node.settings.node_id, instant(work.now())
            leaves.write(conn, node.keys, at=at, event="recall", outcome="ended", actor=who)
    return len(over)


def _standing(work: Work) -> Iterator[Document]:
    """Yield every standing search, page by page."""
    after = None
    while page := work.documents.listing(service.KIND, limit=_PAGE, after=after, status=service.STANDING):
        yield from page
        after = page[-1].position


def _is_open(work: Work, asked: Json) -> bool:
    request = work.documents.get(asked["searchRequest"], _REQUEST)
    return request is not None and request.status == "open" and request.body["person"] == asked["person"]


def _goes_on(work: Work, search: Document) -> bool:
    record = work.documents.get(search.body["person"])
    return (
        search.body["standingUntil"] > instant(work.now())
        and record is not None
        and usable(record)
        and _is_open(work, search.body)
    )


def _end(work: Work, search: Document) -> None:
    sent = set(links.linked_from(work.conn, search.id, _SEARCH))
    of_record = disclosed.of_records(work.conn, [search.body["person"]])
    entries = [entry for entry in of_record if entry.reference in sent]
    recalls.call_back(work, search.body["person"], entries, cause="withdrawal")
    ended = search.body | {"endedAt": instant(work.now())}
    work.documents.replace(search, ended, reason="ended", actor=work.settings.node_id, status="open")


def _note(work: Work, search: Document, partner: str) -> None:
    news = {"partner": partner, "at": instant(work.now()), "searchAnew": True}
    others = [
        entry for entry in search.body["news"] if entry["partner"] != partner or "searchAnew" not in entry
    ]
    body = search.body | {"news": [*others, news]}
    work.documents.replace(search, body, reason="news", actor=partner)
    if not tasks.open_of(work.conn, work.keys, search.id, "standingNews"):
        tasks.add(work, kind="standingNews", subject=search.id, partner=partner)
