"""Taking one check out of the server, or flipping one row of the table of access, is seen from outside.

The checks are taken out of the code itself, one at a time; a row is closed or opened in the table that the
node reads. Whether that is seen is asked of the callers, of whom a table was written by hand.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import mpex_spec
import pytest
from _pytest.mark.structures import ParameterSet
from mpex_server.oauth import access
from mpex_spec.access_table import FORMER_PARTNER, PARTNER, PARTNERS, Opening

from tests.databases import Databases
from tests.server.exchange.apart import APART
from tests.server.exchange.callers import WHO, opens
from tests.server.exchange.elsewhere import ELSEWHERE, WITHOUT_VERDICT
from tests.server.exchange.guards import CALLS
from tests.server.exchange.owners import OWNERS
from tests.server.exchange.quarter import Node, lived
from tests.server.exchange.whose import checks, checks_in
from tests.server.without import without

ROWS = mpex_spec.access()
PURPOSES = frozenset(
    code for code, row in mpex_spec.codelist("purposes").items() if row["prohibited"] == "false"
)
CLASSES = frozenset(mpex_spec.codelist("recipientClasses"))
GUARDS = CALLS | OWNERS | APART
CALLERS = (*mpex_spec.codelist("staffRoles"), PARTNER, FORMER_PARTNER)
_EVERY, _EVERY_OWNER = 40, 4
"""One in so many rows is flipped, and checks of owners taken out, each time; others by `make test-deep`."""


@pytest.fixture(scope="module")
def node(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node that loses its checks one by one."""
    with lived(databases, "sqlite", tmp_path_factory.mktemp("guards")) as node:
        yield node


def _in_part(names: Iterable[str], every: int) -> list[ParameterSet]:
    return [
        pytest.param(name, marks=() if number % every == 0 else pytest.mark.deep)
        for number, name in enumerate(names)
    ]


@pytest.mark.parametrize("name", [*CALLS, *_in_part(OWNERS | APART, _EVERY_OWNER)])
def test_a_check_that_is_taken_out_is_missed(node: Node, name: str) -> None:
    guard = GUARDS[name]
    assert guard.seen(node)
    with without(guard.place, guard.check, guard.instead):
        assert not guard.seen(node)
    assert guard.seen(node)


def test_every_check_of_whose_a_thing_is_has_who_misses_it() -> None:
    """Whoever writes such a check lists it: as a guard, with its test, or with the reason why it has none."""
    guarded = {(guard.place, guard.check) for guard in GUARDS.values()}
    assert set(checks()) - guarded == ELSEWHERE.keys() | WITHOUT_VERDICT.keys()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("mine = offer.owner == asking", ["offer.owner == asking"]),
        ("mine = taken.partner in (one, other)", ["taken.partner in (one, other)"]),
        ("mine = where(row.partner == partner)", ["row.partner == partner"]),
        ("if not (late or sent(taken.partner)): stop()", ["sent(taken.partner)"]),
        (
            "mine = [one for one in all if may(one, ctx.principal.purpose)]",
            ["may(one, ctx.principal.purpose)"],
        ),
        ("if partner is None: tell(taken.partner)", []),
    ],
)
def test_a_new_check_is_found(line: str, found: list[str]) -> None:
    assert [check for _, check in checks_in(f"def handle():\n    {line}\n")] == found


@pytest.mark.parametrize("test", sorted(set(ELSEWHERE.values())))
def test_a_test_that_misses_a_check_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    assert f"\ndef {name}(" in (Path(__file__).parent / file).read_text(encoding="utf-8")


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


@pytest.mark.parametrize("name", _in_part(FLIPS, _EVERY))
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
