"""Rules of records made of contributions: persons and remains units (design 02, principles 2 and 7)."""

from collections import Counter
from collections.abc import Iterator, Sequence

from mpex_server.disclosures.decision import DirectiveReader
from mpex_server.disclosures.work import Work
from mpex_server.domain import safe_contact
from mpex_server.domain.directives import Directive
from mpex_server.erasures.repository import is_waiting
from mpex_server.http.context import Context
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.recalls import causes, disputes
from mpex_server.records import candidate_index, child_protection, majority_review, repository, review
from mpex_server.records.resource import Body, Path, Reference, broken_rule
from mpex_server.reference_samples import donors
from mpex_server.storage.documents import Document


def prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    """Fix type and custodian, and give every contribution an identifier."""
    if current is not None and body["type"] != current.type:
        raise broken_rule((("type",), "may not change; make a new record and link it"))
    if current is not None and is_waiting(ctx.conn, current.id):
        raise broken_rule(
            (("status",), "stays restricted: the record waits for its erasure, or a revocation")
        )
    _check_authorities(ctx, body.get("directives", ()))
    if current is not None:
        _keep_directives(body["contributions"], current.body["contributions"])
        review.check(body, current, ctx.now())
        disputes.check(body, current.body)
    if strange := [*donors.strange_samples(ctx.documents, body), *_strange_zones(body)]:
        raise broken_rule(*strange)
    custodian = current.body["custodian"] if current else ctx.settings.node_id
    return body | {"custodian": custodian, "contributions": _identified(body["contributions"])}


def references(body: Body) -> Iterator[Reference]:
    """Yield the directives of the record, and directive and incident of every contribution."""
    for number, directive in enumerate(body.get("directives", ())):
        yield Reference(("directives", number), "directive", directive)
    for number, contribution in enumerate(body["contributions"]):
        place: Path = ("contributions", number)
        if directive := contribution.get("directive"):
            yield Reference((*place, "directive"), "directive", directive)
        if incident := contribution["sections"].get("incident", {}).get("incident"):
            yield Reference((*place, "sections", "incident", "incident"), "incident", incident)


def _strange_zones(body: Body) -> Iterator[tuple[Path, str]]:
    for number, contribution in enumerate(body["contributions"]):
        if not safe_contact.known_zone(contribution["sections"].get("contact", {})):
            place = ("contributions", number, "sections", "contact", "timeZone")
            yield place, "is no time zone of the IANA list"


def _check_authorities(ctx: Context, directive_ids: Sequence[str]) -> None:
    """Refuse what would bind nothing: an enquirer speaks for contributions only."""
    found = {document.id: document.body for document in ctx.documents.many(directive_ids)}
    weak = [
        (("directives", number), "is not of the person, a guardian, a court or a child protection authority")
        for number, name in enumerate(directive_ids)
        if name in found and not Directive.from_document(found[name]).binds_whole_record
    ]
    if weak:
        raise broken_rule(*weak)


def stored(ctx: Context, document: Document) -> None:
    """Index a record, and recall what its directives deny now or what was wrong (RECL-009, RECL-012)."""
    if document.version == 1:
        stored_first(ctx, [document])
        return
    candidate_index.update(ctx, document)
    _follow(ctx, document, DirectiveReader(ctx.documents))
    causes.reconsider(ctx, document, actor=ctx.principal.client_id)
    causes.correct(ctx, document)
    disputes.follow(ctx, document)


def stored_first(work: Work, documents: Sequence[Document]) -> None:
    """Index the first versions of records, and let a job look whether there are others like them."""
    candidate_index.add(work, documents)
    directives = DirectiveReader(work.documents)
    for document in documents:
        _follow(work, document, directives)
        disputes.follow(work, document)
    names = [document.id for document in documents]
    repository.check_for_duplicates(work.conn, names, instant(work.now()))


def _follow(work: Work, document: Document, directives: DirectiveReader) -> None:
    """Open, move or close the tasks that a record has by what it says."""
    majority_review.plan(work, document, directives)
    child_protection.plan(work, document)
    review.plan(work, document)


def _keep_directives(contributions: list[Body], before: list[Body]) -> None:
    """Refuse to put a contribution under another directive than it was made under (RECL-010).

    What came of a partner has none, and gets none here (PROP-006).
    """
    named = {
        entry["contributionId"]: entry.get("directive")
        for entry in before
        if "directive" in entry or entry.get("source") == "partner"
    }
    moved = [
        number
        for number, entry in enumerate(contributions)
        if (name := entry.get("contributionId")) in named and entry.get("directive") != named[name]
    ]
    if moved:
        text = "may not change; withdraw that directive, or remove the contribution and make a new one"
        raise broken_rule(*((("contributions", number, "directive"), text) for number in moved))


def _identified(contributions: list[Body]) -> list[Body]:
    given = Counter(entry["contributionId"] for entry in contributions if "contributionId" in entry)
    twice = [
        (("contributions", number, "contributionId"), "is that of another contribution, too")
        for number, entry in enumerate(contributions)
        if given[entry.get("contributionId", "")] > 1
    ]
    if twice:
        raise broken_rule(*twice)
    return [{"contributionId": new_id("contribution")} | entry for entry in contributions]
