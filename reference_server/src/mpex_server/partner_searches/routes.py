"""Routes of partner searches."""

from functools import partial

from mpex_server.domain.release_sets import RELEASE_SETS
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand
from mpex_server.http.operations import operation
from mpex_server.kit.ids import new_id
from mpex_server.partner_searches import proposals, service, standing
from mpex_server.storage.documents import Document


def _again(ctx: Context, search_id: str) -> Reply:
    return _shown(service.find(ctx, search_id), status=201)


@operation("createPartnerSearch", replay=_again)
def create_partner_search(ctx: Context) -> Errand:
    """Send a query to named partners, as far as this node's own decision permits."""
    search_id = new_id(service.KIND)
    standing.check(ctx, ctx.body)
    plans = service.plan(ctx, ctx.body)
    sent = {category for entry in plans for category in entry.query}
    ctx.require_categories(RELEASE_SETS[ctx.body["releaseSet"]] | sent)
    leaf = ctx.audit("query", case_reference=ctx.body["caseReference"], candidates=[ctx.body["person"]])
    queries = service.open_search(ctx, search_id, ctx.body, plans, leaf)
    send = partial(service.send, ctx.call.node.peers, queries, asker=ctx.settings.node_id)

    def finish(later: Context, answers: service.Answers) -> Reply:
        document = service.store_answers(later, search_id, answers)
        later.audit("queryAnswered", case_reference=document.body["caseReference"])
        return _shown(document, status=201)

    return Errand(send, finish, status=201, document_id=search_id)


@operation("planPartnerSearch")
def plan_partner_search(ctx: Context) -> Reply:
    """Return what each partner would be sent and why it fits, and send nothing (SRCH-028, SRCH-032)."""
    standing.check(ctx, ctx.body)
    plans = service.plan(ctx, ctx.body)
    sent = {category for entry in plans for category in entry.query}
    ctx.require_categories(RELEASE_SETS[ctx.body["releaseSet"]] | sent)
    ctx.audit("read", case_reference=ctx.body["caseReference"], candidates=[ctx.body["person"]])
    return Reply(body=proposals.proposed(ctx, ctx.body, plans, seen=ctx.principal.categories))


@operation("listPartnerSearches")
def list_partner_searches(ctx: Context) -> Reply:
    """List partner searches, oldest first."""
    return Reply(body=ctx.listed(partial(ctx.documents.listing, service.KIND), service.view))


@operation("getPartnerSearch")
def get_partner_search(ctx: Context) -> Reply:
    """Return a partner search with its answers and later news."""
    document = service.find(ctx, ctx.path["partnerSearchId"])
    ctx.audit("read", subject=document)
    return _shown(document)


def _shown(document: Document, *, status: int = 200) -> Reply:
    headers = {"Location": f"/v1/partner-searches/{document.id}"} if status == 201 else {}
    return Reply(status, service.view(document), headers, document_id=document.id)
