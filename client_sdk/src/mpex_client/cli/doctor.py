"""`mpex doctor`: says in plain words what works and what does not."""

import email.utils
from collections.abc import Callable
from dataclasses import dataclass

import typer

from mpex_client._calls import Call
from mpex_client._clock import utc_now
from mpex_client._errors import MpexError, TransportError
from mpex_client._sync.client import Client
from mpex_client.cli._failures import NOT_REACHED, REFUSED, advice
from mpex_client.cli._state import State, current

__all__ = ["doctor"]

_SKEW_SECONDS = 10.0
_PROBES: dict[str, Callable[[Client], object]] = {
    "registrar": lambda client: next(client.incidents.list(limit=1), None),
    "caseWorker": lambda client: next(client.tasks.list(limit=1), None),
    "releaseOfficer": lambda client: next(client.release_cases.list(limit=1), None),
    "auditor": lambda client: client.log.checkpoint(),
    "administrator": lambda client: next(client.partners.list(limit=1), None),
    "partner": lambda client: client.log.checkpoint(),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and what to know or do."""

    what: str
    well: bool
    text: str


def doctor(context: typer.Context) -> None:
    """Check reachability, clock, token and purpose, and say what to do."""
    state = current(context)
    findings: list[Finding] = []
    reached = True
    with state.client() as client:
        try:
            findings += _node(client)
        except TransportError as error:
            reached = False
            findings.append(Finding("node", False, f"{error}. {advice(error)}"))
        except MpexError as error:
            findings.append(Finding("node", False, f"{error} {advice(error)}"))
        if reached:
            findings.append(_access(state, client))
    answer = [{"what": each.what, "well": each.well, "text": each.text} for each in findings]
    state.show(
        answer, "\n".join(f"{'ok ' if each.well else 'NO '} {each.what}: {each.text}" for each in findings)
    )
    if not all(each.well for each in findings):
        raise typer.Exit(REFUSED if reached else NOT_REACHED)


def _node(client: Client) -> list[Finding]:
    answer = client.call(Call.of("getNodeMetadata"))
    metadata = answer.document("node-metadata")
    kind = (
        "for tests, with invented people only"
        if metadata.get("environment") == "sandbox"
        else "with real people"
    )
    return [
        Finding("node", True, f"{metadata.get('name')} answers at {client.base_url}; a node {kind}"),
        _clock(answer.headers.get("Date")),
    ]


def _clock(date: str | None) -> Finding:
    if date is None:
        return Finding("clock", True, "the node does not tell its time, so the clocks were not compared")
    skew = (utc_now() - email.utils.parsedate_to_datetime(date)).total_seconds()
    if abs(skew) <= _SKEW_SECONDS:
        return Finding("clock", True, "this machine and the node agree on the time")
    direction = "ahead of" if skew > 0 else "behind"
    return Finding(
        "clock",
        False,
        f"this machine is {abs(skew):.0f} seconds {direction} the node, which tolerates"
        f" {_SKEW_SECONDS:.0f}; set its clock (NTP), or every token will be refused",
    )


def _access(state: State, client: Client) -> Finding:
    role = state.role or state.profile().default
    probe = _PROBES.get(role.partition(".")[0])
    if probe is None:
        return Finding("access", True, f"nothing harmless can be tried as {role}")
    try:
        probe(client)
    except MpexError as error:
        return Finding("access", False, f"as {role}: {error}. {advice(error)}")
    return Finding("access", True, f"as {role}: a token was issued and accepted for this purpose")
