"""Taking one check out of the server, or flipping one row of the table of access, is seen from outside.

The checks are taken out of the code itself, one at a time; a row is closed or opened in the table that the
node reads. Whether that is seen is asked of the callers, of whom a table was written by hand.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import mpex_spec
import pytest
from mpex_server.oauth import access
from mpex_spec.access_table import FORMER_PARTNER, PARTNER, PARTNERS, Opening

from tests.databases import Databases
from tests.server.exchange.callers import WHO, opens
from tests.server.exchange.guards import GUARDS
from tests.server.exchange.quarter import Node, lived
from tests.server.without import without

ROWS = mpex_spec.access()
PURPOSES = frozenset(
    code for code, row in mpex_spec.codelist("purposes").items() if row["prohibited"] == "false"
)
CLASSES = frozenset(mpex_spec.codelist("recipientClasses"))
CALLERS = (*mpex_spec.codelist("staffRoles"), PARTNER, FORMER_PARTNER)
_EVERY = 40
"""One in so many rows is flipped in every run, the others by `make test-deep`."""


@pytest.fixture(scope="module")
def node(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node that loses its checks one by one."""
    with lived(databases, "sqlite", tmp_path_factory.mktemp("guards")) as node:
        yield node


@pytest.mark.parametrize("name", GUARDS)
def test_a_check_that_is_taken_out_is_missed(node: Node, name: str) -> None:
    guard = GUARDS[name]
    assert guard.seen(node)
    with without(guard.place, guard.check, guard.instead):
        assert not guard.seen(node)
    assert guard.seen(node)


def _flips() -> Iterator[tuple[str, str, str, tuple[Opening, ...]]]:
    """Yield name, caller, action and table: without each row, and with each action open to each caller."""
    for row in ROWS:
        name = f"close {row.action} to {row.caller} for {len(row.purposes)}"
        yield name, row.caller, row.action, tuple(one for one in ROWS if one is not row)
    bare = {replace(one, beside=(), requirements=()) for one in ROWS}
    for action, caller in product(mpex_spec.codelist("actions"), CALLERS):
        classes = CLASSES if caller in PARTNERS else frozenset[str]()
        row = Opening(caller, action, PURPOSES, classes, (), ())
        if row not in bare:
            yield f"open {action} to {caller}", caller, action, (*ROWS, row)


FLIPS = {name: (caller, action, rows) for name, caller, action, rows in _flips()}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if number % _EVERY == 0 else pytest.mark.deep)
        for number, name in enumerate(FLIPS)
    ],
)
def test_a_row_that_is_flipped_is_seen(node: Node, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    caller, action, rows = FLIPS[name]
    monkeypatch.setattr(mpex_spec, "access", lambda: rows)
    access.actions_of.cache_clear()
    said = opens(action)
    asking = [name for name, who in WHO.items() if caller in (who.roles or (_partner(name),))]
    assert any(_gets_a_token(node, name, action) is not (name in said) for name in asking)


@pytest.fixture(autouse=True)
def _table_as_it_is() -> Iterator[None]:
    yield
    access.actions_of.cache_clear()


def _partner(name: str) -> str:
    return FORMER_PARTNER if name == "ended" else PARTNER


def _gets_a_token(node: Node, name: str, action: str) -> bool:
    who = WHO[name]
    answer = node.world.token_response(who.client, purpose=who.purpose, actions=[action])
    return bool(answer.status_code == 200)
