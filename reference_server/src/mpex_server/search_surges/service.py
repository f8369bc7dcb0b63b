"""Rules of search surges (SRCH-021): for an incident, for a time, and never below the usual budget."""

from collections.abc import Iterator
from datetime import timedelta

from mpex_server.http.context import Context
from mpex_server.kit.clock import instant
from mpex_server.peers import registry
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.search_surges import repository
from mpex_server.storage.documents import Document

_LONGEST = timedelta(days=30)


def _prepare(ctx: Context, body: Body, _current: Document | None) -> Body:
    now = ctx.now()
    if not instant(now) < body["until"] <= instant(now + _LONGEST):
        raise broken_rule((("until",), "is past, or more than 30 days ahead"))
    if body["searchesPerDay"] <= ctx.settings.partner_searches_per_day:
        raise broken_rule((("searchesPerDay",), "is not more than the usual budget"))
    if "partner" in body and registry.find(ctx.conn, body["partner"], now) is None:
        raise broken_rule((("partner",), "is no partner of the registry"))
    return body


def _references(body: Body) -> Iterator[Reference]:
    yield Reference(("incident",), "incident", body["incident"])


def _stored(ctx: Context, document: Document) -> None:
    body = document.body
    repository.add(
        ctx.conn,
        document.id,
        partner=body.get("partner"),
        per_day=body["searchesPerDay"],
        until=body["until"],
    )


SEARCH_SURGES = Resource(
    kind="surge",
    id_member="surgeId",
    schema="search-surge",
    type_of=lambda _body: "surge",
    status_of=lambda _body: "granted",
    prepare=_prepare,
    references=_references,
    stored=_stored,
    event="surge",
)
