"""Route of searches. One answer form for partners, whatever stands behind it (SRCH-004)."""

from typing import Any

from mpex_server.domain.directives import Requester
from mpex_server.domain.release_sets import RELEASE_SETS
from mpex_server.errors import Fault, Problem
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.searches import service, standing


def _replay(ctx: Context, search_id: str) -> Reply:
    """Answer again under today's consent; nothing of the first answer was kept."""
    return _searched(ctx, search_id, again=True)


@operation("createSearch", replay=_replay)
def create_search(ctx: Context) -> Reply:
    """Search among the records of this node; a partner names its search itself (RECL-007)."""
    return _searched(ctx, ctx.body.get("searchId") or new_id("search"), again=False)


def _searched(ctx: Context, search_id: str, *, again: bool) -> Reply:
    asked, partner = ctx.body, ctx.principal.partner
    ctx.require_categories(RELEASE_SETS[asked["releaseSet"]] | asked["query"].keys())
    if partner is None:
        _check_staffs(asked)
        found = service.own(ctx, search_id, asked, actor=ctx.principal.client_id)
    else:
        _check_partners(ctx, asked)
        stands = not again and asked.get("terms", {}).get("retention") == "standing"
        if stands:
            standing.admit(ctx, partner["nodeId"], asked)
        if not again:
            service.charge(ctx, partner["nodeId"], asked["caseReference"])
        found = service.for_partner(ctx, search_id, Requester.from_document(partner), asked, again=again)
        if stands:
            standing.keep(ctx, partner["nodeId"], search_id, asked, found.told_of)
    ctx.audit(
        "search",
        found.result["outcome"],
        candidates=found.candidates,
        case_reference=asked["caseReference"],
    )
    return Reply(200, found.result, document_id=search_id)


def _check_partners(ctx: Context, asked: dict[str, Any]) -> None:
    """Raise Problem for a search that only the node's own staff may ask, or that cannot be recalled."""
    faults = []
    if "record" in asked:
        faults.append(Fault("/record", "is for the node's own staff; a partner's records have no place here"))
    now = instant(ctx.now())
    if asked.get("terms", {}).get("deleteBy", now) < now:
        faults.append(Fault("/terms/deleteBy", "has passed"))
    if "searchId" not in asked:
        faults.append(Fault("/searchId", "is missing; mint one, so that the query can be recalled by it"))
    if faults:
        raise Problem("ruleViolation", faults=faults)


def _check_staffs(asked: dict[str, Any]) -> None:
    """Raise Problem for what only partners say of their searches."""
    if "notSame" in asked:
        text = "is for partners; name the record that is searched for in `record`"
        raise Problem("ruleViolation", faults=[Fault("/notSame", text)])
