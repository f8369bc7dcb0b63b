"""Finding remains units by where they lie and through whose hands they went (REM-014)."""

from mpex_server.domain.holding import holding_keys, lookup_keys
from mpex_server.domain.index_keys import index_tokens
from mpex_server.http.context import Context
from mpex_server.records import repository
from mpex_server.records.resource import Body
from mpex_server.remains.service import REMAINS

_MOST = 100


def find(ctx: Context) -> Body:
    """Return the units that fit all that is named, up to a hundred; tokens find, and the records decide."""
    wanted = lookup_keys(ctx.body)
    names = set[str]()
    for secret in ctx.keys.generations("index").values():
        tokens = index_tokens(secret, wanted)
        names.update(repository.posted(ctx.conn, tokens, REMAINS.kind, limit=_MOST + 1))
    found = [unit for unit in ctx.documents.many(sorted(names)) if wanted <= holding_keys(unit.body)]
    shown = found[:_MOST]
    ctx.audit("read", candidates=[unit.id for unit in shown])
    return {"items": [REMAINS.present(unit) for unit in shown], "more": len(found) > _MOST}
