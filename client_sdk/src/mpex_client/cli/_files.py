"""Reading the documents that commands are given, from a file or from standard input."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from mpex_client._errors import ConfigurationError

__all__ = ["DocumentFile", "read_document"]

DocumentFile = Annotated[str, typer.Argument(metavar="FILE", help="JSON file, or - for standard input.")]


def read_document(source: str) -> dict[str, Any]:
    """Return the JSON object of a file or of standard input; ConfigurationError when there is none."""
    name = "standard input" if source == "-" else Path(source).name
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        document = json.loads(text)
    except OSError as error:
        raise ConfigurationError(f"{name} cannot be read") from error
    except ValueError as error:
        raise ConfigurationError(f"{name} is not JSON in UTF-8") from error
    if not isinstance(document, dict):
        raise ConfigurationError(f"{name} holds no JSON object")
    return document
