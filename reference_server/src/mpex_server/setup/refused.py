"""How a command ends when database or folder do not let it go on: one sentence and status 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from mpex_server.federation.faults import TrustError, told
from mpex_server.keys import KeysError

_NOT_PERMITTED = "42501"
_PREPARE = " Let the owner of the tables run `mpex-server db prepare`, and work under the role of the node."


class Commands(TyperGroup):
    """Commands that say why they were refused, without a trace of calls."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        with _told():
            return super().invoke(ctx)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except KeysError as error:
        said = str(error)
    except TrustError as error:
        said = told(error)
    except ValidationError as error:
        said = "; ".join(_setting(fault["loc"], fault["msg"]) for fault in error.errors())
    except OSError as error:
        said = f"{error.filename}: {error.strerror}" if error.strerror else str(error)
    except DBAPIError as error:
        # What follows the first line may hold values.
        said = f"The database refused: {str(error.orig).partition(chr(10))[0]}."
        if getattr(error.orig, "sqlstate", None) == _NOT_PERMITTED:
            said += _PREPARE
    else:
        return
    typer.echo(said, err=True)
    raise typer.Exit(1)


def _setting(place: tuple[int | str, ...], fault: str) -> str:
    """Return what is wrong with a setting; our own validators name it themselves."""
    own = fault.removeprefix("Value error, ")
    return own if own != fault or not place else f"MPEX_{str(place[0]).upper()}: {fault}"
