"""`mpex onward-requests`: recipients that ask whether they may pass on what this node released."""

from typing import Annotated, Any

import typer

from mpex_client.cli._state import current
from mpex_client.cli.release import OFFICER

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Questions of recipients whether they may pass a release on.")


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the questions, oldest first."""
    state = current(context)
    with state.client("releaseOfficer", default=OFFICER) as client:
        found = list(client.onward_requests.list())
        state.show(found, "\n".join(_line(question) for question in found) or "No questions.")


@app.command()
def decide(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="onwardRequest:…")],
    decision: Annotated[str, typer.Argument(metavar="approve|refuse", help="Your decision.")],
) -> None:
    """Answer a question."""
    state = current(context)
    with state.client("releaseOfficer", default=OFFICER) as client:
        made = client.onward_requests.decide(question, decision)
        state.show(made, _line(made))


def _line(question: Any) -> str:
    head = f"{question['onwardRequestId']}  {question['state']}  {question['partner']}"
    return f"{head} to {question['recipient']}: {', '.join(question['categories'])}"
