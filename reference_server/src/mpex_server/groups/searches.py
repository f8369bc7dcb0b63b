"""Searches for members of a group: a partner search for each, decided, sent and answered apart (GRP-007).

What is kept of the whole names members and partner searches only, so that a repeated request gets its answer.
"""

from dataclasses import dataclass
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.errors import Fault, Problem
from mpex_server.groups import members
from mpex_server.kit.ids import new_id
from mpex_server.partner_searches import service as partner_searches
from mpex_server.partner_searches.service import Answers, Plan, Query
from mpex_server.peers.client import Partner

KIND = "groupSearch"
_SHARED = ("purpose", "legalBasis", "releaseSet", "among")
_NO_MEMBER, _NO_RECORD, _NOT_IN_USE = "noMember", "noRecord", "notInUse"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """A member, and either what each partner is sent of its record or the reason why nobody is asked."""

    member: str
    case: str
    record: str = ""
    plans: tuple[Plan, ...] = ()
    reason: str = ""


def plan(work: Work, group: str, asked: Json) -> list[Sought]:
    """Decide for each named member by itself; raises Problem for what is wrong with the whole."""
    _require_apart(asked["members"])
    partners = partner_searches.named(work, asked)
    return [_sought(work, group, entry, asked["purpose"], partners) for entry in asked["members"]]


def open_search(
    work: Work, group: str, asked: Json, sought: list[Sought], leaf: str
) -> tuple[str, list[Query]]:
    """Store a partner search for each member who may be searched for; return what is to be sent."""
    search_id, results, queries = new_id(KIND), [], []
    for each in sought:
        if each.reason:
            results.append({"member": each.member, "reason": each.reason})
            continue
        own = {name: asked[name] for name in _SHARED if name in asked}
        own |= {"person": each.record, "caseReference": each.case}
        one = new_id(partner_searches.KIND)
        queries += partner_searches.open_search(work, one, own, list(each.plans), leaf)
        results.append({"member": each.member, "partnerSearch": one})
    body = {"group": group, "results": results}
    work.documents.create(search_id, body, kind=KIND, type=KIND, status="open")
    return search_id, queries


def store_answers(work: Work, search_id: str, answers: Answers) -> None:
    """Keep the answers for each member."""
    for entry in _kept(work, search_id)["results"]:
        if "partnerSearch" in entry:
            partner_searches.store_answers(work, entry["partnerSearch"], answers)


def view(work: Work, search_id: str) -> Json:
    """Return one result for each member, in the order asked (group-search-result.json)."""
    body = _kept(work, search_id)
    found = work.documents.many([entry.get("partnerSearch", "") for entry in body["results"]])
    shown = {each.id: partner_searches.view(each) for each in found if each.erased_at is None}
    return {"group": body["group"], "results": [_result(entry, shown) for entry in body["results"]]}


def _result(entry: Json, shown: dict[str, Json]) -> Json:
    if "reason" in entry:
        return entry
    search = shown.get(entry["partnerSearch"])
    return {"member": entry["member"]} | ({"search": search} if search else {"reason": _NOT_IN_USE})


def _kept(work: Work, search_id: str) -> Json:
    document = work.documents.get(search_id, KIND)
    if document is None:
        raise RuntimeError("what a group search stored is gone")
    return document.body


def _sought(work: Work, group: str, entry: Json, purpose: str, partners: list[Partner]) -> Sought:
    name, case = entry["member"], entry["caseReference"]
    member = work.documents.get(name, members.KIND)
    if member is None or member.erased_at is not None or member.body["group"] != group:
        return Sought(name, case, reason=_NO_MEMBER)
    if member.status != members.REGISTERED:
        return Sought(name, case, reason=_NO_RECORD)
    record = partner_searches.in_use(work, member.body["record"])
    if record is None:
        return Sought(name, case, reason=_NOT_IN_USE)
    plans = partner_searches.plan_record(work, record, purpose, partners)
    return Sought(name, case, record.id, tuple(plans))


def _require_apart(entries: list[Json]) -> None:
    """Refuse a member named twice, and a case reference that would tell partners who belongs together."""
    faults = []
    for name in ("member", "caseReference"):
        before: set[str] = set()
        for number, entry in enumerate(entries):
            if entry[name] in before:
                faults.append(Fault(f"/members/{number}/{name}", "is that of another entry, too"))
            before.add(entry[name])
    if faults:
        raise Problem("ruleViolation", faults=faults)
