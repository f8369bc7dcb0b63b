"""Operations on remains units."""

from collections.abc import Callable

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.records import routes
from mpex_server.records import service as records
from mpex_server.remains import dental, lookup, reorganising
from mpex_server.remains.service import REMAINS
from mpex_server.storage.documents import Document

routes.register(
    REMAINS,
    create="createRemainsUnit",
    read="getRemainsUnit",
    replace="replaceRemainsUnit",
    listing="listRemainsUnits",
    changes="listRemainsUnitChanges",
)


def _done_before(ctx: Context, document_id: str) -> Reply:
    return routes.shown(ctx, REMAINS, records.read(ctx, REMAINS, document_id), status=201)


@operation("splitRemainsUnit", replay=_done_before)
def split_remains_unit(ctx: Context) -> Reply:
    """Make units of parts of a unit."""
    return _reorganised(ctx, reorganising.split)


@operation("mergeRemainsUnits", replay=_done_before)
def merge_remains_units(ctx: Context) -> Reply:
    """Put the remains of several units together."""
    return _reorganised(ctx, reorganising.merge)


@operation("findRemainsUnits")
def find_remains_units(ctx: Context) -> Reply:
    """Find units by where they lie and through whose hands they went."""
    return Reply(body=lookup.find(ctx))


@operation("getDentalComparison")
def get_dental_comparison(ctx: Context) -> Reply:
    """Lay dental findings of a person beside those of a unit."""
    return Reply(body=dental.comparison(ctx, ctx.path["recordId"], ctx.path["personId"]))


def _reorganised(ctx: Context, act: Callable[[Context, str], Document]) -> Reply:
    return routes.shown(ctx, REMAINS, act(ctx, ctx.path["recordId"]), status=201)
