"""`mpex doctor`: says in plain words what works and what does not, who can mend it, and how."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from mpex_client._auth import checked_base_url
from mpex_client._errors import MpexError
from mpex_client._messages import is_partner
from mpex_client._sync.client import Client
from mpex_client.cli._checks import Look, purpose_served
from mpex_client.cli._failures import NOT_REACHED, REFUSED, failures_explained
from mpex_client.cli._findings import Finding, of_answer, well
from mpex_client.cli._state import State, current
from mpex_client.discovery import Standing

__all__ = ["doctor"]

_PROBES: dict[str, Callable[[Client], object]] = {
    "registrar": lambda client: next(client.incidents.list(limit=1), None),
    "caseWorker": lambda client: next(client.tasks.list(limit=1), None),
    "supervisor": lambda client: next(client.tasks.list(limit=1), None),
    "releaseOfficer": lambda client: next(client.release_cases.list(limit=1), None),
    "auditor": lambda client: client.log.checkpoint(),
    "administrator": lambda client: next(client.partners.list(limit=1), None),
    "partner": lambda client: client.log.checkpoint(),
}


def doctor(
    context: typer.Context,
    node: Annotated[
        str | None, typer.Argument(help="Address of a partner; without it, the node of the profile.")
    ] = None,
) -> None:
    """Say why a node refuses you: what is wrong, who can mend it, and what to do.

    Of a partner it also says whether your anchors lead to both of you, and for
    which purpose. You choose them: the section `anchors` of the profile names
    for each a file with the keys that it handed to your office.
    """
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        findings, reached = _partner(state, node) if node else _own(state)
    state.show([each.told() for each in findings], "\n".join(each.line() for each in findings))
    if not all(each.well for each in findings):
        raise typer.Exit(REFUSED if reached else NOT_REACHED)


def _own(state: State) -> tuple[list[Finding], bool]:
    profile = state.profile()
    look = Look(checked_base_url(profile.url), True, profile.anchors, state.transport)
    findings, metadata = look.node()
    if metadata is None:
        return findings, False
    known = None
    if profile.anchors:
        trusted, known = look.trust("your node")
        findings.append(trusted)
    return [*findings, _access(state, look, known)], True


def _partner(state: State, node: str) -> tuple[list[Finding], bool]:
    profile = state.profile()
    there = Look(checked_base_url(node), False, profile.anchors, state.transport)
    here = Look(checked_base_url(profile.url), True, profile.anchors, state.transport)
    findings, metadata = there.node()
    trusted, theirs = there.trust("their node")
    trusting, mine = here.trust("your node")
    findings += [trusted, trusting]
    if metadata is None:
        return findings, False
    asked = state.asked(state.identity())
    findings.append(purpose_served(asked.purpose, metadata, mine, theirs))
    return [*findings, _access(state, there, theirs)], True


def _access(state: State, look: Look, known: Standing | None) -> Finding:
    role, identity = state.role or state.profile().default, state.identity()
    probe = _PROBES.get(role.partition(".")[0])
    if probe is None:
        return well("access", f"nothing harmless can be tried as {role}")
    partner = is_partner(identity.client_id)
    if look.url != checked_base_url(identity.url) and not partner:
        return well(
            "access", f"not tried: {role} is known at your own node only; see `mpex-server trust try`"
        )
    asked = state.asked(identity)
    try:
        with Client(
            replace(identity, url=look.url),
            purpose=asked.purpose,
            legal_basis=asked.legal_basis,
            keys=look.keys(known) if partner else None,
            transport=state.transport,
        ) as client:
            probe(client)
    except MpexError as error:
        return of_answer("access", f"as {role}", error)
    return well("access", f"as {role}: a token was issued and accepted for this purpose")
