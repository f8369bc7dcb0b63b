"""`mpex erasures`: have a record erased, or what an enquirer contributed to it."""

from typing import Annotated, Any

import typer

from mpex_client.cli._state import Purpose, current

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Erasure on request: take, confirm, revoke.")
Erasure = Annotated[str, typer.Argument(metavar="ERASURE", help="erasure:…")]
Proof = Annotated[str, typer.Option(help="How identity was proved: a code of identityProofMethods.")]
Coercion = Annotated[str, typer.Option(help="noSign, sign or notPossible, after a talk alone.")]
By = Annotated[str, typer.Option(help="Member of staff who checked it.")]
_WHY = Purpose("familySupport", "consent")


@app.command()
def request(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="person:…")],
    asker: Annotated[str, typer.Option(help="Who asks: a code of erasureAskers.")],
    proof: Proof,
    coercion: Coercion,
    by: By,
    search_request: Annotated[str | None, typer.Option(help="request:… of the enquirer who asks.")] = None,
) -> None:
    """Take a request to erase; the record is out of use from now on. Hand over the identifier."""
    body: dict[str, Any] = {"record": record, "asker": asker}
    body |= {"identityProof": _proof(proof, by), "coercionCheck": _check(coercion, by)}
    body |= {"searchRequest": search_request} if search_request else {}
    state = current(context)
    with state.client("registrar", default=_WHY) as client:
        made = client.erasure_requests.create(body)
        state.show(made, _line(made))


@app.command()
def confirm(context: typer.Context, erasure: Erasure, coercion: Coercion, by: By) -> None:
    """Confirm, as somebody else, after the waiting period; this erases."""
    state = current(context)
    with state.client("releaseOfficer", default=_WHY) as client:
        made = client.erasure_requests.confirm(erasure, {"coercionCheck": _check(coercion, by)})
        state.show(made, _line(made))


@app.command()
def revoke(context: typer.Context, erasure: Erasure, proof: Proof, by: By) -> None:
    """Revoke for whoever asked; what was to be erased is used again."""
    state = current(context)
    with state.client("registrar", default=_WHY) as client:
        made = client.erasure_requests.revoke(erasure, {"identityProof": _proof(proof, by)})
        state.show(made, _line(made))


@app.command("list")
def list_(context: typer.Context) -> None:
    """List requests to erase, oldest first."""
    state = current(context)
    with state.client("registrar", default=_WHY) as client:
        found = list(client.erasure_requests.list())
        state.show(found, "\n".join(_line(entry) for entry in found) or "No requests to erase.")


def _proof(method: str, by: str) -> dict[str, str]:
    return {"method": method, "checkedBy": by}


def _check(outcome: str, by: str) -> dict[str, str]:
    return {"outcome": outcome, "by": by}


def _line(entry: Any) -> str:
    return f"{entry['erasureId']}  {entry['state']}  {entry['record']}  waits until {entry['endsAt']}"
