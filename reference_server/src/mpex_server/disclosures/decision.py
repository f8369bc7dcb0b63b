"""Consent decided for one stored record: from documents to the pure decision of `domain.consent`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mpex_server.domain.consent import Decision, decide
from mpex_server.domain.directives import Directive, Requester
from mpex_server.domain.majority import of_age_on
from mpex_server.domain.voices import Query
from mpex_server.storage.documents import Document, Documents

DIRECTIVE = "directive"
_FOUND_LIVING = frozenset({"foundAlive", "unidentifiedLiving"})
# Records in these states are held for the file only; nothing of them is used (design 03, recall).
OUT_OF_USE = frozenset({"restricted", "withdrawn"})


def usable(record: Document) -> bool:
    """Tell whether a record or a directive may be used at all: neither erased nor restricted."""
    return record.erased_at is None and record.status not in OUT_OF_USE


def found_living(record: Document) -> bool:
    """Tell whether the record is of a located living person, whose own choice decides (SRCH-002)."""
    fate = record.body.get("fate", {}).get("value")
    return record.type in _FOUND_LIVING or (record.kind == "person" and fate == "alive")


def may_be_minor(record: Document, at: datetime) -> bool:
    """Tell whether an account of the person says that they are under 18, or leaves it possible."""
    day = of_age_on(record.body["contributions"])
    return day is not None and day > at.astimezone(UTC).date()


class DirectiveReader:
    """Reads the directives of records for a unit of work that changes none of them, each set once."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: dict[frozenset[str], list[Directive]] = {}

    def of(self, body: Mapping[str, Any]) -> list[Directive]:
        """Return the directives of a record as `directives_of` does."""
        named = frozenset(named_directives(body))
        if named not in self._known:
            self._known[named] = directives_of(self._documents, body)
        return self._known[named]


def decide_record(
    documents: Documents,
    record: Document,
    requester: Requester,
    *,
    purpose: str,
    categories: Iterable[str],
    at: datetime,
    directives: Sequence[Directive] | None = None,
    to_disclose: bool = False,
) -> Decision:
    """Decide under the directives as they are now (CONS-002), which are read unless they are given.

    `to_disclose` holds the directives fast until the transaction ends, so that a withdrawal at the same time
    comes either before the decision or after the disclosure is on record, and recalls it.
    """
    body = record.body
    entries = [entry for entry in body["contributions"] if "contributionId" in entry]
    query = Query(
        requester=requester,
        purpose=purpose,
        categories=frozenset(categories),
        at=at,
        living=is_living(record),
        contributions={entry["contributionId"]: entry.get("directive") for entry in entries},
        countries=_countries(entries),
        of_age_on=of_age_on(entries),
    )
    if directives is None:
        directives = directives_of(documents, body, to_change=to_disclose)
    return decide(query, directives)


def named_directives(body: Mapping[str, Any]) -> set[str]:
    """Return the directives of a record: its own, which bind all of it, and those of its contributions."""
    of_contributions = {entry["directive"] for entry in body["contributions"] if "directive" in entry}
    return of_contributions.union(body.get("directives", ()))


def is_living(record: Document) -> bool:
    """Tell whether the record is of a person who may be alive."""
    return record.kind == "person" and record.body.get("fate", {}).get("value") != "deceased"


def directives_of(
    documents: Documents, body: Mapping[str, Any], *, to_change: bool = False
) -> list[Directive]:
    """Return the directives of a record and, behind those that are frozen, their successors."""
    return [_directive(document) for document in directive_documents(documents, body, to_change=to_change)]


def directive_documents(
    documents: Documents, body: Mapping[str, Any], *, to_change: bool = False
) -> list[Document]:
    """Return the same as documents."""
    found: dict[str, Document] = {}
    directive_ids = named_directives(body)
    while directive_ids:
        read = [
            document
            for document in documents.many(sorted(directive_ids), to_change=to_change)
            if document.kind == DIRECTIVE and document.erased_at is None
        ]
        found |= {document.id: document for document in read}
        directive_ids = {str(name) for each in read if (name := each.body.get("succeededBy"))} - found.keys()
    return list(found.values())


def _directive(document: Document) -> Directive:
    """Read a directive; one that is out of use permits nothing, and what it denies stays denied."""
    body = {**document.body, "directiveId": document.id}
    if not usable(document):
        body["withdrawals"] = [*body.get("withdrawals", ()), {"at": document.created_at}]
    return Directive.from_document(body)


def _countries(entries: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the countries of nationality and of origin that any account names."""
    named = [
        *(item for entry in entries for item in _section(entry, "identity").get("nationalities", ())),
        *(
            point.get("place", {})
            for entry in entries
            for point in _section(entry, "journey").get("points", ())
            if point["type"] == "origin"
        ),
    ]
    return frozenset(item["country"] for item in named if "country" in item)


def _section(entry: Mapping[str, Any], category: str) -> Mapping[str, Any]:
    section: Mapping[str, Any] = entry["sections"].get(category, {})
    return section
