"""What is likely a mistake of an anchor's staff, though it can be meant: for words beside a command."""

from collections.abc import Iterator, Mapping
from typing import Any

from mpex_server.anchor import repository
from mpex_server.disclosures.work import Work
from mpex_server.federation.mandate import NO_ENFORCEMENT, TRACING
from mpex_server.kit.clock import instant

_OF_A_STATE = frozenset({"police", "judicial", "borderAuthority"})
_OTHER = {TRACING: NO_ENFORCEMENT, NO_ENFORCEMENT: TRACING}


def on_mark(work: Work, kind: str, entity: str, mandate: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Yield why a mark that is about to be given may count nowhere, or not do what is meant."""
    named = mandate or {}
    if named.get("recipientClass") in _OF_A_STATE and "nationalAuthorityOf" not in named:
        yield (
            f"The mandate of {entity} does not say of which State it is an authority (nationalAuthorityOf):"
            " nothing keeps from it what must not reach the State that somebody has fled from (CONS-008)."
        )
    own, now = work.settings.public_url, instant(work.now())
    listed = repository.accredited(work.conn).get(kind, [])
    # An intermediate is accredited by the anchor above it, which alone knows.
    between = bool(work.settings.superiors)
    if not between and own not in listed:
        who = "itself" if listed else "anybody"
        yield f"This anchor has not accredited {who} for {kind}: its mark counts nowhere."
    # Who attests beside others that a node takes no part in enforcement rarely enrols it as well.
    if not (between and kind == NO_ENFORCEMENT) and repository.keys_of(work.conn, entity) is None:
        yield f"{entity} is not enrolled here: the mark counts if another below the anchor enrols it."
    if kind in _OTHER and repository.standing(work.conn, now, entity=entity, kind=_OTHER[kind]):
        yield f"{entity} has {_OTHER[kind]} from here as well: nodes do not count both by one (TRUST-008)."
    for mark in repository.standing(work.conn, now, entity=entity, kind=kind):
        yield f"One that stands until {mark.expires_at} is not replaced; `revoke` takes all of them back."


def on_accreditation(work: Work, entity: str) -> Iterator[str]:
    """Yield why marks of an organisation may count nowhere though it is accredited."""
    if work.settings.superiors:
        yield "This is an intermediate: only nodes that chose it as an anchor count what it accredits."
    if entity != work.settings.public_url and repository.keys_of(work.conn, entity) is None:
        yield f"{entity} is not enrolled here: its marks count if another below the anchor enrols it."
