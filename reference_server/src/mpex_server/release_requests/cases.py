"""The holder's side: a person decides, and consent bounds what that person can release (REL-001, REL-006)."""

from collections.abc import Mapping
from typing import Any

from mpex_server import office
from mpex_server.disclosures.work import Work
from mpex_server.domain.directives import Requester
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.kit.clock import instant
from mpex_server.peers import registry
from mpex_server.release_requests import emergencies, requests, service
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

Json = dict[str, Any]
_MOST_QUESTIONS = 50
_KEPT = ("cause", "note")


def find(work: Work, request_id: str) -> Document:
    """Return a release request; raises Problem `notFound`."""
    request = requests.find(work.documents, request_id)
    if request is None:
        raise not_found()
    return request


def listed(work: Work, *, limit: int, after: Json | None = None, state: str | None = None) -> list[Document]:
    """Return release requests, due first, which is the order in which they came."""
    columns = {} if state is None else {"status": state}
    return work.documents.listing(requests.KIND, limit=limit, after=after, **columns)


def view(work: Work, request: Document) -> Json:
    """Return the case with what consent permits today."""
    partner = registry.find(work.conn, request.body["partner"], work.now())
    name = None if partner is None else str(partner.entry["name"])
    permitted, held = within(work, request)
    return requests.case(request, partner_name=name, permitted=permitted, held=held, now=work.now())


def within(work: Work, request: Document) -> tuple[frozenset[str], frozenset[str]]:
    """Return the requested categories that consent permits today, and those of them that hold anything.

    None once the partner has left.
    """
    body = request.body
    partner = registry.find(work.conn, body["partner"], work.now())
    record = work.documents.get(body["record"])
    if partner is None or record is None or not service.may_be_known(record):
        return frozenset(), frozenset()
    asked, requester = frozenset(body["requestedCategories"]), Requester.from_document(partner.entry)
    decision = service.decide(work, record, requester, body["purpose"], asked)
    return decision.categories, frozenset(service.values(record, decision, asked))


def decide(work: Work, request: Document, decision: Mapping[str, Any], *, decided_by: str) -> Document:
    """Enter a person's decision; raises Problem.

    `conflict` when it was decided before, nothing approved is permitted today or held, or a second person
    must decide; `ruleViolation` for a category that was not asked for.
    """
    if request.status not in requests.UNDECIDED:
        raise Problem("conflict", "The release request has been decided before.")
    body, kind, now = request.body, decision["decision"], instant(work.now())
    body |= {name: decision[name] for name in _KEPT if name in decision}
    state = requests.PENDING
    if kind == "needMore":
        state = requests.NEED_MORE
        if len(body.get("dialogue", ())) >= _MOST_QUESTIONS:
            raise Problem("conflict", "Enough was asked about this request; approve or refuse it.")
        body["dialogue"] = [*body.get("dialogue", ()), {"question": decision["question"], "askedAt": now}]
    elif kind == "refuse":
        state = "refused"
    elif (granted := _granted(work, request, decision, decided_by)) is None:
        body["firstApproval"] = {
            "by": decided_by,
            "at": now,
            "categories": sorted(_approved(request, decision)),
        }
    else:
        body["grantedCategories"] = sorted(granted)
        state = "approved" if granted == set(body["requestedCategories"]) else "approvedReduced"
        emergencies.follow(work, request, decided_by)
    if state != requests.PENDING:
        body |= {"decidedAt": now, "decidedBy": decided_by}
        tasks.close_of(work.conn, request.id, "releaseRequest")
    elif request.status != requests.PENDING:
        service.open_task(work, request.id, body)
    return work.documents.replace(request, body, reason=kind, actor=decided_by, status=state)


def _granted(
    work: Work, request: Document, decision: Mapping[str, Any], decided_by: str
) -> frozenset[str] | None:
    """Return what this approval releases, or None when a second person must approve it too (REL-010)."""
    permitted, held = within(work, request)
    granted = _approved(request, decision) & permitted
    first = request.body.get("firstApproval")
    if granted & office.of(work.settings).four_eyes or emergencies.needs_two(request):
        if first is None:
            return None
        if first["by"] == decided_by:
            raise Problem("conflict", "You have approved this already; a second person must approve it too.")
        granted &= frozenset(first["categories"])
    if not granted:
        raise Problem("conflict", "Consent permits nothing of what was approved; refuse the request instead.")
    if not granted & held:
        raise Problem("conflict", "Nothing is held in what was approved; refuse the request instead.")
    return granted


def _approved(request: Document, decision: Mapping[str, Any]) -> frozenset[str]:
    asked = frozenset(request.body["requestedCategories"])
    approved = frozenset(decision["categories"]) if decision["decision"] == "approveReduced" else asked
    if not approved <= asked:
        faults = [Fault("/categories", "names a category that the partner did not ask for")]
        raise Problem("ruleViolation", faults=faults)
    return approved
