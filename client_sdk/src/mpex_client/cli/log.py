"""`mpex log verify`: check the node's transparency log without trusting the node."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mpex_client._errors import ConfigurationError, VerificationError
from mpex_client._sync.client import Client
from mpex_client.cli._state import Purpose, current
from mpex_client.log_proof import (
    Checkpoint,
    leaf_hash,
    open_checkpoint,
    proof_hashes,
    tree_root,
    verify_consistency,
)

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The transparency log.")


@app.callback()
def main() -> None:
    """Check the transparency log."""


@app.command()
def verify(
    context: typer.Context,
    keep: Annotated[
        Path | None,
        typer.Option(
            help="File of the checkpoint seen last: compared with the new one, then replaced by it."
        ),
    ] = None,
) -> None:
    """Check the signature of the newest checkpoint, every entry under it, and that nothing was changed."""
    state = current(context)
    with state.client("auditor", default=Purpose("statistics", "legalObligation")) as client:
        key = str(client.node.metadata()["log"]["key"])
        note = client.log.checkpoint()
        checkpoint = open_checkpoint(note, key)
        _check_entries(client, checkpoint)
        compared = (
            _compare(client, keep, note, key, checkpoint) if keep else "no earlier checkpoint to compare"
        )
        answer = {"origin": checkpoint.origin, "size": checkpoint.size, "compared": compared}
        state.show(
            answer, f"The log of {checkpoint.origin} holds: {checkpoint.size} entries, signed; {compared}."
        )


def _check_entries(client: Client, checkpoint: Checkpoint) -> None:
    hashes: list[bytes] = []
    for entry in client.log.entries():
        if len(hashes) == checkpoint.size:
            break
        canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        hashes.append(leaf_hash(canonical.encode()))
    if len(hashes) != checkpoint.size or tree_root(hashes) != checkpoint.root:
        raise VerificationError("the entries are not those that the checkpoint was signed for")


def _compare(client: Client, keep: Path, note: str, key: str, newer: Checkpoint) -> str:
    older = open_checkpoint(keep.read_text(encoding="utf-8"), key) if keep.exists() else None
    if older is not None and older.size:
        proof = client.log.consistency(older.size, newer.size) if older.size < newer.size else {"hashes": []}
        verify_consistency(older, newer, proof_hashes(proof["hashes"]))
    try:
        keep.write_text(note, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{keep.name} cannot be written") from error
    return (
        f"it contains the {older.size} entries seen before" if older else "kept as the first checkpoint seen"
    )
