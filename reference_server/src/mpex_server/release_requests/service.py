"""The partner's side: ask for more on a hit, ask for the state, collect what was approved."""

from typing import Any

from mpex_server import office
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import decide_record, found_living, usable
from mpex_server.disclosures.shapes import section_members
from mpex_server.disclosures.work import Work
from mpex_server.domain import parts
from mpex_server.domain.consent import Decision
from mpex_server.domain.directives import Requester
from mpex_server.domain.recall import ACTIVE, MARKED
from mpex_server.domain.redaction import disclosures, redact
from mpex_server.domain.release_sets import expand
from mpex_server.errors import Problem, not_found
from mpex_server.kit.clock import instant
from mpex_server.peers import registry
from mpex_server.release_requests import automatic, emergencies, requests, statements
from mpex_server.searches import probing, references
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

Json = dict[str, Any]


def create(work: Work, request_id: str, requester: Requester, asked: Json) -> Document:
    """Store a release request and open the officer's task; raises Problem `notFound`.

    Whatever is wrong about the reference or the record gets the one answer of what does not exist (REL-002).
    """
    bearer = references.Bearer(requester.node_id, asked["caseReference"], asked["purpose"])
    now = work.now()
    try:
        hit = references.unseal(work.keys, bearer, asked["hitReference"], now)
    except references.BadReferenceError:
        raise not_found() from None
    record = _record(work, hit.record)
    if probing.frozen(work, requester.node_id, [record.id]):
        raise not_found()
    if not decide(work, record, requester, asked["purpose"], frozenset({"existence"})).permit:
        raise not_found()
    categories = asked_for(asked)
    body = {name: asked[name] for name in ("purpose", "legalBasis", "caseReference", "reason")} | {
        "partner": requester.node_id,
        "record": record.id,
        "search": hit.search,
        "requestedCategories": sorted(categories),
        "requestedAt": instant(now),
        "dueAt": _due(work),
    }
    policy = automatic.policy_for(work, record, requester, asked["purpose"], categories)
    decision = decide(work, record, requester, asked["purpose"], categories)
    if policy and decision.categories >= categories and values(record, decision, categories):
        state = "approved"
        body |= {"policy": policy.code, "grantedCategories": sorted(categories), "decidedAt": instant(now)}
    else:
        state = requests.PENDING
    request = work.documents.create(
        request_id, body, kind=requests.KIND, type=requests.KIND, status=state, owner=requester.node_id
    )
    links.link(work.conn, request.id, requests.RECORD, record.id)
    if state == requests.PENDING:
        open_task(work, request.id, body)
    return request


def reply(work: Work, request: Document, text: str, *, by: str) -> Document:
    """Enter the partner's reply and let the request be decided anew (REL-009).

    Raises Problem `conflict` when nothing is asked.
    """
    if request.status != requests.NEED_MORE:
        raise Problem("conflict", "No question about this release request is open.")
    body, now = request.body, instant(work.now())
    *earlier, last = body["dialogue"]
    body |= {"dialogue": [*earlier, last | {"reply": text, "repliedAt": now}], "dueAt": _due(work)}
    open_task(work, request.id, body)
    return work.documents.replace(request, body, reason="reply", actor=by, status=requests.PENDING)


def end_on(work: Work, record: str, *, reason: str, actor: str) -> None:
    """End every live release request on a record that goes from this node."""
    for request in requests.on_record(work.documents, work.conn, record):
        if request.status in requests.UNDECIDED | requests.GRANTED:
            work.documents.replace(request, request.body, reason=reason, actor=actor, status="withdrawn")
            tasks.close_of(work.conn, request.id, "releaseRequest")


def open_task(work: Work, request_id: str, body: Json) -> None:
    """Let a release officer know that a request waits."""
    told = {"partner": body["partner"], "purpose": body["purpose"]}
    tasks.add(work, kind="releaseRequest", subject=request_id, due_at=body["dueAt"], **told)


def status(work: Work, request: Document, requester: Requester) -> Json:
    """Return what the asker may know (release-request-status.json).

    What was approved and may not be known any more shows as withdrawn, whatever the reason.
    """
    return requests.status(request, work.now(), gone=_gone(work, request, requester))


def _gone(work: Work, request: Document, requester: Requester) -> bool:
    if request.status not in requests.GRANTED:
        return False
    try:
        collectable(work, request, requester)
    except Problem:
        return True
    return False


def _due(work: Work) -> str:
    return instant(office.of(work.settings).due(work.now(), work.settings.release_due_hours))


def asked_for(asked: Json) -> frozenset[str]:
    """Return the categories that a request names, by themselves or by a release set."""
    return frozenset(expand([asked["releaseSet"]] if "releaseSet" in asked else ())) | frozenset(
        asked.get("categories", ())
    )


def own(work: Work, request_id: str, partner: str) -> Document:
    """Return the partner's own request; raises Problem `notFound` for anybody else's."""
    request = requests.find(work.documents, request_id)
    if request is None or request.owner != partner:
        raise not_found()
    return request


def values(record: Document, decision: Decision, categories: frozenset[str]) -> dict[str, list[Json]]:
    """Return by category what a release of the categories would hold under the decision."""
    found = disclosures(redact(record.body, decision, categories, section_members()))
    within = decision.categories & categories
    return {category: entries for category, entries in found.items() if category in within}


def collectable(
    work: Work, request: Document, requester: Requester
) -> tuple[Document, Decision, dict[str, list[Json]]]:
    """Decide again (CONS-002); return record, decision, and what is both approved and permitted now.

    Raises Problem `notFound` when nothing is, or nothing of it is held (REL-017).
    """
    body = request.body
    if request.status not in requests.GRANTED or emergencies.is_over(request, work.now()):
        raise not_found()
    record = _record(work, body["record"], to_disclose=True)
    granted = frozenset(body["grantedCategories"])
    decision = decide(work, record, requester, body["purpose"], granted, to_disclose=True)
    if not (given := values(record, decision, granted)):
        raise not_found()
    return record, decision, given


def collect(work: Work, request: Document, requester: Requester, leaf: str) -> Json:
    """Return a new signed release and enter it in the recipients list; `leaf` is the audit entry's."""
    record, decision, given = collectable(work, request, requester)
    body, now = request.body, work.now()
    registry.require_to_tell(work.conn, requester.node_id, now)
    made = statements.release(
        work.keys,
        record,
        statements.Terms(
            issuer=work.settings.node_id,
            audience=requester.node_id,
            purpose=body["purpose"],
            case_reference=body["caseReference"],
            obligations=decision.obligations(),
        ),
        given,
        now,
    )
    disclosed.add(
        work.conn,
        kind="release",
        record=record.id,
        directives=decision.directives,
        partner=requester.node_id,
        purpose=body["purpose"],
        categories=made["disclosures"],
        parts=parts.of(made["disclosures"], _directives(record)),
        reference=statements.claims_of(made["statement"])["jti"],
        at=instant(now),
        leaf=leaf,
        state=MARKED if "dispute" in record.body else ACTIVE,
    )
    return made


def decide(
    work: Work,
    record: Document,
    requester: Requester,
    purpose: str,
    categories: frozenset[str],
    *,
    to_disclose: bool = False,
) -> Decision:
    """Decide on categories of a record today."""
    return decide_record(
        work.documents,
        record,
        requester,
        purpose=purpose,
        categories=categories,
        at=work.now(),
        to_disclose=to_disclose,
    )


def _directives(record: Document) -> dict[str, str]:
    """Return the directive of each account that has one."""
    told = record.body["contributions"]
    return {each["contributionId"]: each["directive"] for each in told if "directive" in each}


def _record(work: Work, record_id: str, *, to_disclose: bool = False) -> Document:
    """Return a record of which a partner may learn; raises Problem `notFound`.

    `to_disclose` holds it fast until the transaction ends, as `decide_record` does with its directives: what
    changes at the same time comes before, or finds the disclosure that it has to recall.
    """
    found = work.documents.many([record_id], to_change=to_disclose)
    if not found or not may_be_known(found[0]):
        raise not_found()
    return found[0]


def may_be_known(record: Document) -> bool:
    """Tell whether a partner may learn of a record at all, consent apart."""
    return usable(record) and not found_living(record)
