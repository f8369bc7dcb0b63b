"""`mpex enquirers`: find an enquirer again, and contact them, or the person of a record, without harm."""

from typing import Annotated, Any

import typer

from mpex_client.cli._state import Purpose, current

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Enquirers: recovery codes and safe contact.")
Request = Annotated[str, typer.Argument(metavar="REQUEST", help="request:… of the enquirer")]
_WHY = Purpose("familySupport", "consent")


@app.command()
def code(context: typer.Context, request: Request) -> None:
    """Make a recovery code to be printed; it is shown once, and the one before ends."""
    state = current(context)
    with state.client("registrar", default=_WHY) as client:
        made = client.search_requests.issue_code(request)
        state.show(made, made.get("code", "The code was shown before; make a new one."))


@app.command()
def recover(
    context: typer.Context,
    code: Annotated[str, typer.Option(prompt=True, hide_input=True, help="The code, asked for if left out.")],
) -> None:
    """Find the request of an enquirer who shows a code; hand over the new code that replaces it."""
    state = current(context)
    with state.client("caseWorker", "registrar", default=_WHY) as client:
        found = client.search_requests.recover(code)
        lines = [f"{found['requestId']}  {found['status']}", *_rules(found.get("safeContact", {}))]
        lines += [f"New code: {found['code']}"] if "code" in found else []
        state.show(found, "\n".join(lines))


@app.command()
def died(
    context: typer.Context,
    request: Request,
    at: Annotated[str | None, typer.Option(help="Instant of the death, if known.")] = None,
) -> None:
    """Record that the enquirer has died: what they laid down permits nothing until others succeed them."""
    state = current(context)
    with state.client("registrar", default=_WHY) as client:
        changed = client.search_requests.record_death(request, at=at)
        state.show(changed, f"Recorded: {request}. Look for successors: `mpex tasks --kind successor`.")


@app.command()
def contact(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="REQUEST|PERSON", help="request:… or person:…")],
    channel: Annotated[str, typer.Option(help="Code of the list `contactChannels`.")],
    reason: Annotated[str | None, typer.Option(help="Why, if a rule of safe contact is broken.")] = None,
    asks_only: Annotated[bool, typer.Option("--asks-only", help="The contact tells nothing.")] = False,
    decided: Annotated[
        tuple[str, str] | None, typer.Option(metavar="DECIDER REASON", help="Best interests of a child.")
    ] = None,
) -> None:
    """Clear a contact before it is made; refused outside the rules of safe contact, or to tell of a child."""
    state = current(context)
    attempt: dict[str, Any] = {"channel": channel} | ({"reason": reason} if reason else {})
    attempt |= {"asksOnly": True} if asks_only else {}
    attempt |= {"bestInterests": dict(zip(("decider", "reason"), decided, strict=True))} if decided else {}
    with state.client("caseWorker", "registrar", default=_WHY) as client:
        resource = client.persons if who.startswith("person:") else client.search_requests
        cleared = resource.clear_contact(who, attempt)
        breaks = (
            "Breaks a rule of safe contact; the reason is kept." if cleared["outsideRules"] else "Safe now."
        )
        lines = [line for rules in cleared.get("rules", ()) for line in _rules(rules)]
        state.show(cleared, "\n".join([f"{breaks} {cleared['contactId']}", *lines]))


def _rules(rules: dict[str, Any]) -> list[str]:
    titles = {
        "channel": "Channel",
        "hours": "Hours",
        "whoMayAnswer": "Who may answer",
        "wordsToAvoid": "Words to avoid",
        "interpreter": "Interpreter",
        "interlocutor": "Speaks with",
    }
    lines = [f"{title}: {rules[name]}" for name, title in titles.items() if name in rules]
    lines += [f"Safe: {_span(span)} {rules.get('timeZone', 'UTC')}" for span in rules.get("safeHours", ())]
    return [*lines, "Leave no message"] if "leaveNoMessage" in rules else lines


def _span(span: dict[str, Any]) -> str:
    return f"{', '.join(span.get('days', ['daily']))} {span['from']}-{span['to']}"
