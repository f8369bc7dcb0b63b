"""Operations on groups and their members."""

from functools import partial

from mpex_server.domain.release_sets import RELEASE_SETS
from mpex_server.groups import importer, members, searches
from mpex_server.groups.service import GROUPS
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand
from mpex_server.http.operations import operation
from mpex_server.partner_searches import service as partner_searches
from mpex_server.records import routes
from mpex_server.records import service as records
from mpex_server.records.resource import Reference
from mpex_server.storage import links
from mpex_server.storage.documents import Document

routes.register(GROUPS, create="createGroup", read="getGroup", replace="replaceGroup", listing="listGroups")


@operation("importGroupMembers")
def import_group_members(ctx: Context) -> Reply:
    """Register a list of members or bring it up to date."""
    return Reply(body=importer.import_members(ctx, _group(ctx)))


@operation("listGroupMembers")
def list_group_members(ctx: Context) -> Reply:
    """List the members of a group, by identifier."""
    group, after = _group(ctx), (ctx.after() or {}).get("id", "")
    limit: int = ctx.query["limit"]
    every = [name for name in links.linked_to(ctx.conn, group.id, members.MEMBER_OF) if name > after]
    shown = ctx.documents.many(every[:limit])
    ctx.audit("read", subject=group, candidates=[member.id for member in shown])
    last = {"id": shown[-1].id} if len(every) > limit else None
    return Reply(body=ctx.page([members.view(ctx, member) for member in shown], last))


@operation("promoteGroupMember")
def promote_group_member(ctx: Context) -> Reply:
    """Record that a mentioned member has a record."""
    member, record = _member(ctx), ctx.body["record"]
    records.require(ctx, [Reference(("record",), "person", record)])
    promoted = members.promote(ctx, member, record, actor=ctx.principal.client_id)
    ctx.audit("write", subject=promoted)
    return Reply(body=members.view(ctx, promoted))


@operation("eraseGroupMember")
def erase_group_member(ctx: Context) -> Reply:
    """Erase what is known of one member."""
    member = _member(ctx)
    ctx.audit("erasure", subject=member)
    members.erase(ctx, member)
    return Reply(204)


def _searched_before(ctx: Context, search_id: str) -> Reply:
    return Reply(201, searches.view(ctx, search_id), document_id=search_id)


@operation("searchGroupMembers", replay=_searched_before)
def search_group_members(ctx: Context) -> Errand:
    """Ask partners for members of a group, each in a partner search of its own (GRP-007)."""
    group = _group(ctx)
    sought = searches.plan(ctx, group.id, ctx.body)
    sent = {category for each in sought for entry in each.plans for category in entry.query}
    ctx.require_categories(RELEASE_SETS[ctx.body["releaseSet"]] | sent)
    leaf = ctx.audit("query", subject=group, candidates=[each.record for each in sought if each.record])
    search_id, queries = searches.open_search(ctx, group.id, ctx.body, sought, leaf)
    send = partial(partner_searches.send, ctx.call.node.peers, queries, asker=ctx.settings.node_id)

    def finish(later: Context, answers: partner_searches.Answers) -> Reply:
        searches.store_answers(later, search_id, answers)
        later.audit("queryAnswered", subject=group)
        return _searched_before(later, search_id)

    return Errand(send, finish, status=201, document_id=search_id)


def _group(ctx: Context) -> Document:
    return records.find(ctx, GROUPS, ctx.path["groupId"])


def _member(ctx: Context) -> Document:
    return members.find(ctx, _group(ctx).id, ctx.path["memberId"])
