"""Rules of match decisions. The newest decision on a pair counts; `notSame` is remembered (CASE-001)."""

from collections.abc import Iterator

from sqlalchemy import Connection

from mpex_server.http.context import Context
from mpex_server.matches import repository
from mpex_server.records.resource import Body, Reference, Relation, Resource, broken_rule
from mpex_server.storage.documents import Document


def not_same(conn: Connection, subject_id: str) -> set[str]:
    """Return the records and received releases that searches must not offer for `subject_id` again."""
    return repository.not_same(conn, subject_id)


def subjects(body: Body) -> tuple[str, str]:
    """Return the identifiers of the two sides."""
    one, other = (next(iter(subject.values())) for subject in body["subjects"])
    return one, other


def _prepare(ctx: Context, body: Body, _current: Document | None) -> Body:
    one, other = subjects(body)
    if one == other:
        raise broken_rule((("subjects", 1), "is the same as the other side"))
    if "identification" in body and body["decision"] != "leadsTo":
        raise broken_rule((("identification",), "goes with the decision leadsTo only"))
    return body | {"decidedAt": ctx.now_text(), "decidedBy": ctx.principal.client_id}


def _references(body: Body) -> Iterator[Reference]:
    relation: Relation = "notSame" if body["decision"] == "notSame" else "subject"
    for number, subject in enumerate(body["subjects"]):
        for member, target in subject.items():
            yield Reference(("subjects", number, member), relation, target)
    if "identification" in body:
        yield Reference(("identification",), "leadsTo", body["identification"])


def _stored(ctx: Context, document: Document) -> None:
    if document.type != repository.NOT_SAME:
        repository.forget_pair(ctx.conn, *subjects(document.body))


MATCHES = Resource(
    kind="match",
    id_member="matchId",
    schema="match",
    type_of=lambda body: str(body["decision"]),
    status_of=lambda _body: "decided",
    prepare=_prepare,
    references=_references,
    stored=_stored,
)
