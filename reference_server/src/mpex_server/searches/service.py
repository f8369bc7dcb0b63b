"""Searches of the node's own staff and of partners; the query is not kept unless it fits a living person."""

from dataclasses import dataclass, field
from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import usable
from mpex_server.disclosures.work import Work
from mpex_server.domain.directives import Requester
from mpex_server.domain.scoring import fits_closely
from mpex_server.events import repository as inbox
from mpex_server.kit import aead, base64url
from mpex_server.kit.clock import instant
from mpex_server.matches.service import not_same
from mpex_server.peers import budget
from mpex_server.records.candidate_index import MAY_BE_SHARED
from mpex_server.search_surges import repository as surges
from mpex_server.searches import probing, references, statements
from mpex_server.searches.answers import Asked, Teller, evidence, in_order
from mpex_server.searches.candidates import Candidate, best, scored
from mpex_server.storage.documents import Document
from mpex_server.tasks import kept_queries
from mpex_server.tasks import repository as tasks

Json = dict[str, Any]
MOST_HITS = 20
# The full decision is taken on the best candidates only, whoever is behind them (design 04, S4).
_DECIDED = 50


@dataclass(frozen=True, slots=True)
class Found:
    """An answer (search-result.json), the candidates for the log's commitment, and those that it tells of."""

    result: Json
    candidates: list[str] = field(default_factory=list)
    told_of: list[str] = field(default_factory=list)


def own(work: Work, search_id: str, asked: Json, *, actor: str) -> Found:
    """Search for the node's own staff: no directive is asked; hits name the record."""
    bearer = references.Bearer(actor, asked["caseReference"], asked["purpose"])
    record = asked.get("record")
    passed_over = {record, *not_same(work.conn, record)} if record else set()
    scores = scored(work, asked["query"], asked.get("among"))
    offered = {
        name: found for name, found in scores.items() if found.band != "none" and name not in passed_over
    }
    found = [each for each in best(work, offered, limit=_DECIDED) if usable(each.record)][:MOST_HITS]
    hits = [_own_hit(work, bearer, search_id, asked["releaseSet"], candidate) for candidate in found]
    result = _answer(work, search_id, asked, hits, audience=work.settings.node_id)
    return Found(result, [candidate.record.id for candidate in found])


def charge(work: Work, partner: str, case_reference: str) -> None:
    """Charge a partner's budgets, before anything is read and whatever will be found (SRCH-008, SRCH-037).

    The case is counted under a keyed hash: what its name says is nothing that this node needs.
    """
    usual, now = work.settings.partner_searches_per_day, work.now()
    limit = surges.budget(work.conn, partner, usual=usual, now=instant(now))
    budget.charge(work.conn, partner=partner, kind="search", now=now, limit=limit)
    token = base64url.encode(aead.mac(work.keys.secret("idempotency"), "case", partner, case_reference))
    budget.charge(
        work.conn,
        partner=partner,
        kind="caseSearch",
        now=now,
        limit=work.settings.case_searches_per_day,
        case_token=token,
    )


def for_partner(
    work: Work, search_id: str, requester: Requester, asked: Json, *, again: bool = False
) -> Found:
    """Search for a partner under the directives of each record as they are now (SRCH-001 to -004).

    `again` answers a repeated request: nothing is kept and no task is opened a second time.
    """
    question = _question(search_id, requester, asked)
    possible = _possible(work, asked)
    if not again:
        _note(work, question, possible)
    told_of, candidates = _told(work, requester, question, asked, possible, again=again)
    hits = in_order(told_of.values())[:MOST_HITS]
    result = _answer(work, search_id, asked, hits, audience=requester.node_id)
    return Found(result, candidates, sorted(told_of))


def fitting(work: Work, search_id: str, requester: Requester, asked: Json) -> set[str]:
    """Return the records that a standing query fits today and that its asker may be told of today."""
    question = _question(search_id, requester, asked)
    return set(_told(work, requester, question, asked, _possible(work, asked))[0])


def _question(search_id: str, requester: Requester, asked: Json) -> Asked:
    bearer = references.Bearer(requester.node_id, asked["caseReference"], asked["purpose"])
    return Asked(search_id, bearer, asked["releaseSet"], asked["query"], asked.get("terms", {}))


def _told(
    work: Work,
    requester: Requester,
    question: Asked,
    asked: Json,
    possible: list[Candidate],
    *,
    again: bool = False,
) -> tuple[dict[str, Json], list[str]]:
    """Return the hit of each record that may be told, and all candidates; open tasks on the living."""
    hidden = _not_sought(work, requester.node_id, asked)
    candidates = [candidate for candidate in possible if candidate.record.id not in hidden]
    teller = Teller(work, requester, question)
    outcomes = [(one.record.id, teller.told(one)) for one in candidates]
    frozen = probing.frozen(work, requester.node_id, [name for name, _ in outcomes])
    hits = {name: found.hit for name, found in outcomes if found.hit is not None and name not in frozen}
    silent = [found.silent for _, found in outcomes if found.silent is not None]
    if silent and not again:
        _open_tasks(work, requester, question, silent)
    return hits, [name for name, _ in outcomes]


def _note(work: Work, question: Asked, possible: list[Candidate]) -> None:
    """Count the query on the records that it fits closely, whatever the partner may know of them."""
    records = [one.record.id for one in possible if usable(one.record) and fits_closely(one.scored)]
    bearer = question.bearer
    probing.note(work, bearer.requester, bearer.purpose, question.query, records)


def _possible(work: Work, asked: Json) -> list[Candidate]:
    # What speaks against a candidate may be what the partner must not know: nothing is left out yet.
    scores = scored(work, asked["query"], asked.get("among"), mask=MAY_BE_SHARED)
    return best(work, scores, limit=_DECIDED)


def _not_sought(work: Work, partner: str, asked: Json) -> set[str]:
    """Return the records of which the partner has a release and knows that they are of others (SRCH-012)."""
    return disclosed.records_released(work.conn, partner, asked.get("notSame", ()))


def _open_tasks(work: Work, requester: Requester, question: Asked, silent: list[Document]) -> None:
    """Keep the query for the tasks on living persons; one task for all like queries of a partner.

    A query that was recalled while it was on its way is not kept. Whoever has chosen what this asker may know
    is not asked again when a standing query is.
    """
    bearer, partner = question.bearer, requester.node_id
    if inbox.recalled(work.conn, partner, question.search_id):
        return
    answered = kept_queries.answered_for(work, partner=partner, search=question.search_id)
    waiting = [record for record in silent if record.id not in answered]
    if not waiting:
        return
    body = {"purpose": bearer.purpose, "caseReference": bearer.case_reference, "query": question.query}
    until = kept_queries.end(question.terms, work.now())
    kept = kept_queries.keep(work, partner=partner, search=question.search_id, body=body, until=until)
    for record in waiting:
        kept_queries.tie(work, kept, _task_on(work, record, partner, bearer.purpose))


def _task_on(work: Work, record: Document, partner: str, purpose: str) -> str:
    """Return the open task of this partner and purpose on a living person, or open one."""
    told = {"partner": partner, "purpose": purpose}
    for task in tasks.open_of(work.conn, work.keys, record.id, "silentHit"):
        if told.items() <= task.details.items():
            return task.id
    return tasks.add(work, kind="silentHit", subject=record.id, **told)


def _own_hit(
    work: Work, bearer: references.Bearer, search_id: str, asked_set: str, candidate: Candidate
) -> Json:
    stands_for = references.Hit(candidate.record.id, asked_set, search_id)
    return {
        "reference": references.seal(work.keys, bearer, stands_for, work.now()),
        "record": candidate.record.id,
        "returnedSet": asked_set,
        "band": candidate.scored.band,
        "evidence": evidence(candidate.scored, frozenset(candidate.scored.evidence)),
    }


def _answer(work: Work, search_id: str, asked: Json, hits: list[Json], *, audience: str) -> Json:
    outcome = "possibleHit" if hits else "noHit"
    statement = statements.sign(
        work.conn,
        work.keys,
        issuer=work.settings.node_id,
        audience=audience,
        search_id=search_id,
        outcome=outcome,
        query=asked["query"],
        now=work.now(),
    )
    return {"searchId": search_id, "outcome": outcome, "hits": hits, "statement": statement}
