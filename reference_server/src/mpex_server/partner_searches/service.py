"""Partner searches: decide per partner, record the disclosure, send, keep the answers (design 03)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import decide_record, usable
from mpex_server.disclosures.work import Work
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.events.taken import Taken
from mpex_server.http.spec import schema_validator
from mpex_server.kit import jws
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.matches.service import not_same
from mpex_server.partner_searches.queries import CATEGORIES, by_example
from mpex_server.peers import registry
from mpex_server.peers.client import Access, Partner, Peers
from mpex_server.peers.errors import PeerError, UnreachableError, UnsoundAnswerError
from mpex_server.received_releases import service as received_releases
from mpex_server.searches import statements
from mpex_server.storage import links
from mpex_server.storage.documents import Document

KIND = "partnerSearch"
STANDING = "standing"
_SEARCH = "search"
_AT_ONCE = 8
_WITHOUT_REASON = 5
_KEPT_FOR = timedelta(days=90)
Json = dict[str, Any]
Answers = dict[tuple[str, str], Json]
"""Sound answers by partner search and partner."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a partner search, ready to be sent to one partner."""

    partner_search: str
    partner: Partner
    body: Json


@dataclass(frozen=True, slots=True)
class Plan:
    """What one partner is sent, or why nothing is."""

    partner: Partner
    query: Json
    directives: tuple[str, ...]
    withheld: str
    not_same: tuple[str, ...]


def plan(work: Work, asked: Json) -> list[Plan]:
    """Decide for each named partner, or for every active one, what of the record it may be told in a query.

    Raises Problem.
    """
    record = in_use(work, asked["person"])
    if record is None:
        raise Problem(
            "ruleViolation", faults=[Fault("/person", "names no record of this node that is in use")]
        )
    if len(asked.get("partners", ())) > _WITHOUT_REASON and "reason" not in asked:
        text = f"is missing; it says why more than {_WITHOUT_REASON} partners are asked"
        raise Problem("ruleViolation", faults=[Fault("/reason", text)])
    return plan_record(work, record, asked["purpose"], named(work, asked))


def in_use(work: Work, name: str) -> Document | None:
    """Return a record that may be used, None for any other; it is held fast until the transaction ends.

    So a denial at the same time comes before the decision, or finds the query that it has to recall.
    """
    found = work.documents.many([name], to_change=True)
    return found[0] if found and usable(found[0]) else None


def plan_record(work: Work, record: Document, purpose: str, partners: list[Partner]) -> list[Plan]:
    """Decide for each of these partners what of a record that is in use it may be told in a query."""
    return [_plan(work, record, purpose, partner) for partner in partners]


def planned(plans: list[Plan]) -> Json:
    """Return what each partner would be sent (partner-search-plan.json)."""
    members = ("partner", "sentCategories", "withheldReasons")
    entries = [_entry(entry) for entry in plans]
    return {"items": [{name: entry[name] for name in members if name in entry} for entry in entries]}


def open_search(work: Work, search_id: str, asked: Json, plans: list[Plan], leaf: str) -> list[Query]:
    """Store the search and the disclosures before anything is sent; return what is to be sent.

    Each query bears an identifier that is minted here, so that it can be recalled although its answer is
    lost (RECL-007).
    """
    now = instant(work.now())
    entries = [_entry(entry) for entry in plans]
    body = {
        "partnerSearchId": search_id,
        **{name: asked[name] for name in ("person", "purpose", "legalBasis", "caseReference", "releaseSet")},
        "createdAt": now,
        "results": entries,
        "news": [],
    }
    stands = {name: asked[name] for name in ("searchRequest", "standingUntil", "reason") if name in asked}
    status = STANDING if "standingUntil" in asked else "open"
    work.documents.create(search_id, body | stands, kind=KIND, type=KIND, status=status)
    queries = []
    for entry in plans:
        if entry.query:
            reference = new_id(_SEARCH)
            disclosed.add(
                work.conn,
                kind="query",
                record=asked["person"],
                directives=entry.directives,
                partner=entry.partner.node_id,
                purpose=asked["purpose"],
                categories=entry.query,
                reference=reference,
                at=now,
                leaf=leaf,
            )
            links.link(work.conn, search_id, _SEARCH, reference)
            message = {"searchId": reference} | _message(work, asked, entry)
            queries.append(Query(search_id, entry.partner, message))
    return queries


def send(peers: Peers, queries: list[Query], *, asker: str) -> Answers:
    """Send every query at the same time; return the sound answers.

    A partner out of reach is not tried for every member of a group, so that the others' answers do not wait.
    """
    silent: set[str] = set()

    def one(query: Query) -> tuple[tuple[str, str], Json | None]:
        partner = query.partner.node_id
        answer = None
        if partner not in silent:
            try:
                answer = _ask(peers, query, asker)
            except UnreachableError:
                silent.add(partner)
            except PeerError:
                pass
        return (query.partner_search, partner), answer

    with ThreadPoolExecutor(max(1, min(_AT_ONCE, len(queries)))) as pool:
        return {place: answer for place, answer in pool.map(one, queries) if answer is not None}


def store_answers(work: Work, search_id: str, answers: Answers) -> Document:
    """Keep the answers."""
    document = find(work, search_id)
    body = document.body
    for entry in body["results"]:
        answer = answers.get((search_id, entry["partner"]))
        if answer is not None:
            entry |= {"state": "answered", "result": answer}
    return work.documents.replace(document, body, reason="answers", actor=work.settings.node_id)


def find(work: Work, search_id: str) -> Document:
    """Return a partner search; raises Problem `notFound`."""
    document = work.documents.get(search_id, KIND)
    if document is None or document.erased_at is not None:
        raise not_found()
    return document


def view(document: Document) -> Json:
    """Return the search with its answers and news (partner-search-result.json)."""
    hidden = {"legalBasis", "releaseSet"}
    return {name: value for name, value in document.body.items() if name not in hidden}


def hit_of(document: Document, partner: str, reference: str) -> bool:
    """Tell whether that partner gave that hit reference in answer to this search."""
    return any(
        hit["reference"] == reference
        for entry in document.body["results"]
        if entry["partner"] == partner
        for hit in entry.get("result", {}).get("hits", ())
    )


def take_news(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Add what a located person lets the asker know, if the partner was sent such a search."""
    event = taken.event
    if not disclosed.was_sent(work.conn, taken.partner, event["searchId"]):
        return
    (search_id,) = links.linked_to(work.conn, event["searchId"], _SEARCH)
    document = find(work, search_id)
    body = document.body
    told = {name: event[name] for name in ("choice", "message", "retracted") if name in event}
    # The newest choice replaces what was told before it.
    others = [entry for entry in body["news"] if entry["partner"] != taken.partner or "searchAnew" in entry]
    body["news"] = [*others, {"partner": taken.partner, "at": instant(work.now()), **told}]
    work.documents.replace(document, body, reason="news", actor=taken.partner)


def named(work: Work, asked: Json) -> list[Partner]:
    """Return the partners that are named, or every active one; raises Problem for one that is none.

    They are held fast, in the one order in which nobody waits for who waits for them.
    """
    if "partners" not in asked:
        return registry.to_tell(work.conn, work.now())
    node_ids = asked["partners"]
    found = {
        node_id: registry.find(work.conn, node_id, work.now(), to_tell=True) for node_id in sorted(node_ids)
    }
    missing = [
        Fault(f"/partners/{number}", "is no partner of the registry")
        for number, node_id in enumerate(node_ids)
        if found[node_id] is None
    ]
    if missing:
        raise Problem("ruleViolation", faults=missing)
    return [partner for node_id in node_ids if (partner := found[node_id]) is not None]


def _plan(work: Work, record: Document, purpose: str, partner: Partner) -> Plan:
    decision = decide_record(
        work.documents,
        record,
        registry.requester(partner.entry),
        purpose=purpose,
        categories=CATEGORIES,
        at=work.now(),
        to_disclose=True,
    )
    query = by_example(record, decision)
    withheld = decision.reason if not decision.permit else "nothingKnown"
    others = received_releases.names_of(work, partner.node_id, not_same(work.conn, record.id))
    return Plan(partner, query, decision.directives, withheld, others)


def _entry(entry: Plan) -> Json:
    result: Json = {"partner": entry.partner.node_id}
    if not entry.query:
        return result | {"state": "withheld", "withheldReasons": [entry.withheld]}
    # Until an answer is in, the query may or may not have arrived.
    return result | {"state": "unreachable", "sentCategories": sorted(entry.query)}


def _message(work: Work, asked: Json, entry: Plan) -> Json:
    members = ("purpose", "legalBasis", "caseReference", "releaseSet", "among")
    until, ends = asked.get("standingUntil"), instant(work.now() + _KEPT_FOR)
    retention = "standing" if until else "deleteAfterAnswer"
    terms = {"retention": retention, "onward": "none", "deleteBy": until or ends}
    others = {"notSame": list(entry.not_same)} if entry.not_same else {}
    given = {name: asked[name] for name in members if name in asked}
    return given | {"query": entry.query, "terms": terms} | others


def _ask(peers: Peers, query: Query, asker: str) -> Json:
    partner, body = query.partner, query.body
    access = Access(body["purpose"], body["legalBasis"], ("searches:create",))
    key = body["searchId"].partition(":")[2]
    answer = peers.call(partner, "POST", "/v1/searches", access, body=body, key=key).json()
    if not schema_validator("search-result").is_valid(answer):
        raise UnsoundAnswerError("the answer does not follow the schema search-result")
    if answer["searchId"] != body["searchId"]:
        raise UnsoundAnswerError("the answer is to another search")
    try:
        statements.check(
            answer["statement"], partner.jwks, issuer=partner.node_id, audience=asker, answer=answer
        )
    except jws.JwsError as error:
        raise UnsoundAnswerError("the answer is not signed by the partner") from error
    return answer
