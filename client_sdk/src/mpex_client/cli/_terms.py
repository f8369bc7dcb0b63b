"""What an import says besides its rows: the directive, the legal basis, the office, the day."""

import re
from pathlib import Path
from typing import overload

import typer

from mpex_client._clock import instant, utc_now
from mpex_client._sync.client import Client
from mpex_client.importers._people import Envelope
from mpex_client.importers.mmp import register_directive

__all__ = ["directive_of", "envelope_of", "instant_of"]


@overload
def directive_of(client: Client, given: str) -> str: ...
@overload
def directive_of(client: Client, given: None) -> None: ...
@overload
def directive_of(client: Client, given: str | None) -> str | None: ...
def directive_of(client: Client, given: str | None) -> str | None:
    """Return the identifier of a directive that is named, or stands in a file and is registered first."""
    if given is None or given.startswith("directive:"):
        return given
    return register_directive(client, Path(given))


def envelope_of(client: Client, directive: str | None, basis: str | None, *, synthetic: bool) -> Envelope:
    """Return what each record says of itself: a legal basis is asked for and never made up."""
    if basis is None and directive is None:
        raise typer.BadParameter("say with --basis what in law allows to keep this, or give --directive")
    told = basis or str(client.directives.get(str(directive))["legalBasis"])
    return Envelope(told, client.node.metadata()["contactOffice"], synthetic)


def instant_of(given: str | None) -> str:
    """Return the instant of a day or an instant, now when none is given."""
    if given is None:
        return instant(utc_now())
    if not re.fullmatch(r"[1-9]\d{3}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", given):
        raise typer.BadParameter("a day is written 2026-11-21, an instant 2026-11-21T10:00:00Z")
    return given if "T" in given else f"{given}T00:00:00Z"
