"""Operations of the log: checkpoint, entries, and proofs that an outsider verifies."""

import base64
from typing import Any

import orjson

from mpex_server.audit import repository as log
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation


@operation("getCheckpoint")
def get_checkpoint(ctx: Context) -> Reply:
    """Return the newest checkpoint as a signed note."""
    head = log.head(ctx.conn)
    if head is None:
        raise Problem("unavailable", "The log has no checkpoint yet.", headers={"Retry-After": "10"})
    return Reply(body=head.note, media_type="text/plain")


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
    size = _size(ctx, "size", _published(ctx))
    index = log.position_of(ctx.conn, ctx.query["leaf"])
    if index is None or index >= size:
        raise not_found()
    path = log.tree(ctx.conn).inclusion_proof(index, size)
    return Reply(body={"leaf": ctx.query["leaf"], "index": index, "size": size, "hashes": _texts(path)})


@operation("getConsistencyProof")
def get_consistency_proof(ctx: Context) -> Reply:
    """Return the proof that the tree of `from` entries is a prefix of that of `to`."""
    old, new = ctx.query["from"], _size(ctx, "to", None)
    if old > new:
        raise Problem("invalidParameter", faults=[Fault("from", "must not be larger than `to`")])
    # Every tree extends the empty one; there is nothing to prove.
    path = log.tree(ctx.conn).consistency_proof(old, new) if old else []
    return Reply(body={"from": old, "size": new, "hashes": _texts(path)})


def _entered(ctx: Context) -> None:
    ctx.audit("read")


def _end(ctx: Context) -> int:
    return log.tree(ctx.conn).size


def _size(ctx: Context, name: str, default: int | None) -> int:
    size: Any = ctx.query.get(name, default)
    if size > _published(ctx):
        raise not_found()
    return int(size)


def _published(ctx: Context) -> int:
    head = log.head(ctx.conn)
    return 0 if head is None else head.size


def _texts(path: list[bytes]) -> list[str]:
    return [base64.b64encode(node).decode() for node in path]
