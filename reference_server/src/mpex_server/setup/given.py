"""What a command is given, and refuses in words when it is something else."""

from pathlib import Path
from typing import Annotated, Any

import typer

from mpex_server.federation import reports
from mpex_server.kit import entity, strict_json

Json = dict[str, Any]


def identifier(text: str) -> str:
    """Return an entity identifier as it is; identifiers are compared letter by letter."""
    if rule := entity.broken_rule(text):
        raise typer.BadParameter(f"an entity identifier {rule}")
    return text


def json_object(name: str) -> Json:
    """Return the JSON object in a file."""
    try:
        value = strict_json.loads(Path(name).read_bytes())
    except strict_json.StrictJsonError as error:
        raise typer.BadParameter(f"{name}: {error.detail}") from None
    if not isinstance(value, dict):
        raise typer.BadParameter(f"{name} holds no JSON object")
    return value


def passed_report(name: str) -> Json:
    """Return what a mark says of the report in a file."""
    try:
        return reports.attested(Path(name).read_bytes())
    except ValueError as error:
        raise typer.BadParameter(f"{name}: {error}") from None


Entity = Annotated[
    str,
    typer.Argument(
        parser=identifier,
        metavar="ENTITY",
        help="Entity identifier: its public address, without a final slash.",
    ),
]
