"""Operations of the log: checkpoint, entries, and proofs that an outsider verifies."""

import orjson

from mpex_server.audit import proofs
from mpex_server.audit import repository as log
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation


@operation("getCheckpoint")
def get_checkpoint(ctx: Context) -> Reply:
    """Return the newest checkpoint as a signed note."""
    return Reply(body=proofs.checkpoint(ctx.conn), media_type="text/plain")


@operation("listLogEntries")
def list_log_entries(ctx: Context) -> Reply:
    """Return a page of entries in log order; to have begun a list is an entry as well (LOG-006).

    A list ends where the log did when it began, and to read on takes another one (LOG-007).
    """
    after = ctx.after()
    if after is None:
        _entered(ctx)
        after = {"next": 0, "end": _end(ctx)}
    first, end = after["next"], after["end"]
    following = min(first + ctx.query["limit"], end)
    found = log.entries(ctx.conn, first, following - first)
    return Reply(
        body=ctx.page(
            [orjson.loads(body) for body in found], after | {"next": following} if following < end else None
        )
    )


@operation("getInclusionProof")
def get_inclusion_proof(ctx: Context) -> Reply:
    """Return the audit path of an entry in the tree of `size`, by default of the newest checkpoint."""
    return Reply(body=proofs.inclusion(ctx.conn, ctx.query["leaf"], ctx.query.get("size")))


@operation("getConsistencyProof")
def get_consistency_proof(ctx: Context) -> Reply:
    """Return the proof that the tree of `from` entries is a prefix of that of `to`."""
    return Reply(body=proofs.consistency(ctx.conn, ctx.query["from"], ctx.query["to"]))


def _entered(ctx: Context) -> None:
    ctx.audit("read")


def _end(ctx: Context) -> int:
    return log.tree(ctx.conn).size
