"""`mpex assistance`, `messages` and `custody`: what nodes ask, write and hand over to one another."""

from typing import Annotated, Any

import typer

from mpex_client.cli._files import DocumentFile, read_document
from mpex_client.cli._state import current

__all__ = ["assistance", "custody", "messages"]

assistance = typer.Typer(no_args_is_help=True, help="What nodes ask one another to do.")
messages = typer.Typer(no_args_is_help=True, help="Messages between nodes on a case.")
custody = typer.Typer(no_args_is_help=True, help="Records whose custody passes to another node.")
Asked = Annotated[str, typer.Argument(metavar="REQUEST", help="assistance:…")]
Message = Annotated[str, typer.Argument(metavar="MESSAGE", help="message:…")]


@assistance.command("send")
def send_request(context: typer.Context, source: DocumentFile) -> None:
    """Ask a partner to do something."""
    state = current(context)
    with state.client("caseWorker") as client:
        made = client.assistance_requests.create(read_document(source))
        state.show(made, f"Sent {made['assistanceId']}.")


@assistance.command("list")
def list_requests(context: typer.Context) -> None:
    """List what was asked and what is asked of this node."""
    state = current(context)
    with state.client("caseWorker") as client:
        found = list(client.assistance_requests.list())
        state.show(found, "\n".join(_asked(entry) for entry in found) or "Nothing was asked.")


@assistance.command()
def answer(
    context: typer.Context,
    request: Asked,
    decision: Annotated[str, typer.Argument(metavar="accept|decline|complete")],
    text: Annotated[str | None, typer.Option(help="Result or remark.")] = None,
    reason: Annotated[str | None, typer.Option(help="Code of the list `declineReasons`.")] = None,
    due: Annotated[
        str | None, typer.Option(help="Until when it will be done (2026-12-01T08:00:00Z).")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="contact:… by which a message was relayed, from `enquirers contact`.")
    ] = None,
) -> None:
    """Accept, decline or complete what a partner asks."""
    given = {"answer": decision, "text": text, "reason": reason, "dueAt": due, "contact": contact}
    state = current(context)
    with state.client("caseWorker") as client:
        body = {name: value for name, value in given.items() if value is not None}
        made = client.assistance_requests.answer(request, body)
        state.show(made, f"{made['assistanceId']} is {made['state']}.")


@messages.command("send")
def send_message(context: typer.Context, source: DocumentFile) -> None:
    """Write to a partner on a case."""
    state = current(context)
    with state.client("caseWorker") as client:
        made = client.case_messages.create(read_document(source))
        state.show(made, f"Sent {made['messageId']}.")


@messages.command("list")
def list_messages(context: typer.Context) -> None:
    """List what was written on cases."""
    state = current(context)
    with state.client("caseWorker") as client:
        found = list(client.case_messages.list())
        state.show(found, "\n".join(_written(entry) for entry in found) or "No messages.")


@messages.command()
def recall(context: typer.Context, message: Message) -> None:
    """Call a sent message back."""
    state = current(context)
    with state.client("caseWorker") as client:
        made = client.case_messages.recall(message)
        state.show(made, f"Recalled {made['messageId']}.")


@custody.command()
def offer(context: typer.Context, source: DocumentFile) -> None:
    """Offer a record to a partner; shows what its directives do not let move."""
    state = current(context)
    with state.client("releaseOfficer") as client:
        made = client.custody_transfers.create(read_document(source))
        withheld = ", ".join(made["withheld"]) or "nothing"
        done = "Proposed" if made["state"] == "proposed" else "Offered"
        state.show(made, f"{done} {made['record']} as {made['transferId']}. Does not move: {withheld}.")


@custody.command("list")
def list_transfers(context: typer.Context) -> None:
    """List transfers of both directions."""
    state = current(context)
    with state.client("releaseOfficer") as client:
        found = list(client.custody_transfers.list())
        lines = [f"{entry['transferId']}  {entry['state']}  {entry['record']}" for entry in found]
        state.show(found, "\n".join(lines) or "No transfers.")


@custody.command("answer")
def answer_offer(
    context: typer.Context,
    transfer: Annotated[str, typer.Argument(metavar="TRANSFER", help="transfer:…")],
    decision: Annotated[str, typer.Argument(metavar="take|decline")],
    withheld: Annotated[
        bool, typer.Option("--withheld-accepted", help="What is withheld of the record may be lost.")
    ] = False,
) -> None:
    """Take over the record that a partner offers, or decline."""
    state = current(context)
    with state.client("releaseOfficer") as client:
        made = client.custody_transfers.answer(transfer, decision, withheld_accepted=withheld)
        state.show(made, f"{made['transferId']} is {made['state']}.")


@custody.command()
def decide(
    context: typer.Context,
    transfer: Annotated[str, typer.Argument(metavar="TRANSFER", help="transfer:…")],
    decision: Annotated[str, typer.Argument(metavar="approve|refuse|cancel")],
) -> None:
    """Approve an offer of grave categories as the second person, refuse it, or cancel one that is out."""
    state = current(context)
    with state.client("releaseOfficer") as client:
        made = client.custody_transfers.decide(transfer, decision)
        state.show(made, f"{made['transferId']} is {made['state']}.")


def _asked(entry: Any) -> str:
    return f"{entry['assistanceId']}  {entry['type']}  {entry['state']}  case {entry['caseReference']}"


def _written(entry: Any) -> str:
    lines = [f"{entry['messageId']}  {entry['state']}  case {entry['caseReference']}"]
    lines += [f"  [{entry['language']}] {entry['text']}"]
    lines += [
        f"  [{each['language']}, by {each['by']}] {each['text']}" for each in entry.get("translations", ())
    ]
    return "\n".join(lines)
