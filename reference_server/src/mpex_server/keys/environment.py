"""Keys in environment variables, for machines that keep nothing and are handed their secrets at the start.

`MPEX_SECRET_KEK_0001` is the key `kek-0001`; each value is what the file would hold, in base64. A process
takes them once: what is added is there after a restart.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import partial
from typing import NoReturn

from mpex_server.keys.held import Held
from mpex_server.keys.names import is_known, kind_of, number_of
from mpex_server.keys.places import Place
from mpex_server.keys.provider import KeysError

_PREFIX = "MPEX_SECRET_"
_UNCHANGED = "The keys are in the environment, which no command changes."


class Environment:
    """Store over variables; only who sets them changes anything."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        given = {name: value for name, value in variables.items() if name.startswith(_PREFIX)}
        self._held = {_name(variable): _decoded(variable, value) for variable, value in given.items()}

    def names(self) -> list[str]:
        """Return the names of all that is set."""
        return [*self._held]

    def awaiting(self, name: str) -> Callable[[], bool]:
        """Return what tells whether it was set at the start."""
        return partial(self._held.__contains__, name)

    def where(self, name: str) -> str:
        """Return the variable."""
        return variable_of(name)

    def read(self, name: str) -> bytes:
        """Return what was set."""
        return self._held[name]

    def fixed(self, name: str) -> str:
        """Return how to set what is not there, and how to end what is."""
        if name in self._held:
            return f"{_UNCHANGED} Take {variable_of(name)} away where it is set, and restart."
        made = f"mpex-server keys make {kind_of(name)} --after {number_of(name) - 1}"
        return f"{_UNCHANGED} Set {variable_of(name)} to what `{made}` prints, and restart."

    def add(self, name: str, _written: bytes) -> NoReturn:
        """Refuse."""
        raise KeysError(self.fixed(name))

    def remove(self, name: str) -> NoReturn:
        """Refuse."""
        raise KeysError(self.fixed(name))


def in_environment(variables: Mapping[str, str]) -> Place:
    """Return the place of keys whose bytes are in variables."""
    store = Environment(variables)
    return Place(store, Held(store), f"the environment ({_PREFIX}…)")


def variable_of(name: str) -> str:
    """Return the variable of a key or secret."""
    return _PREFIX + name.upper().replace("-", "_")


def assignment(name: str, written: bytes) -> str:
    """Return the line that sets a key or secret."""
    return f"{variable_of(name)}={base64.b64encode(written).decode()}"


def _name(variable: str) -> str:
    name = variable.removeprefix(_PREFIX).lower().replace("_", "-")
    if not is_known(name):
        raise KeysError(f"{variable} names no key; names are like {variable_of('kek-0001')}")
    return name


def _decoded(variable: str, value: str) -> bytes:
    try:
        return base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        raise KeysError(f"{variable} is not base64") from None
