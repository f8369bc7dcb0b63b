"""Who may call which operation, as the table of callers says it, and what the others learn: nothing."""

from collections.abc import Iterator

import mpex_spec
import pytest

from tests.databases import Databases
from tests.server.exchange.callers import (
    ASSERT_DEATH,
    CALLERS,
    CELLS,
    GUARDED,
    NAMING,
    OPERATIONS,
    WHO,
    action_of,
    expected,
    opens,
)
from tests.server.exchange.quarter import Node, lived, seen
from tests.server.records import samples

ACTIONS = mpex_spec.codelist("actions")
CODES = {
    "-": "actionNotAllowed",
    "~": "actionNotAllowed",
    "401": "unauthorized",
    "403": "purposeNotAllowed",
    "409": "conflict",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def node(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Node]:
    """The node that every row shares."""
    with lived(databases, request.param, tmp_path_factory.mktemp("quarter")) as node:
        yield node


def test_every_operation_has_one_row_and_every_row_is_an_operation() -> None:
    assert CELLS.keys() == OPERATIONS.keys()
    assert ASSERT_DEATH in GUARDED


@pytest.mark.parametrize("operation", CELLS)
def test_the_table(node: Node, operation: str) -> None:
    answers = {caller: node.call(caller, operation) for caller in CALLERS}
    assert {caller: answer.status_code for caller, answer in answers.items()} == expected(operation)
    for caller, cell in CELLS[operation].items():
        if cell != "+":
            assert samples.refusal(answers[caller])[1] == CODES.get(cell, "notFound")
            assert "Fictia" not in answers[caller].text


@pytest.mark.parametrize("operation", GUARDED)
def test_a_stranger_learns_nothing_of_what_is_there(node: Node, operation: str) -> None:
    answers = [node.call("nobody", operation, holds=holds) for holds in (node.holds, node.unknown())]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert seen(answers[0]) == seen(answers[1])


@pytest.mark.parametrize("operation", GUARDED)
def test_the_right_caller_with_a_token_for_something_else(node: Node, operation: str) -> None:
    caller = next(name for name, cell in CELLS[operation].items() if cell == "+")
    others = sorted(node.opened(caller) - {action_of(operation)})
    refused = node.call(caller, operation, token=node.token(caller, others))
    assert samples.refusal(refused) == (403, "actionNotAllowed")


@pytest.mark.parametrize("caller", CALLERS[1:])
def test_no_token_is_given_for_what_is_closed(node: Node, caller: str) -> None:
    closed = [action for action in ACTIONS if caller not in opens(action)]
    for action in closed:
        world, who = node.world, WHO[caller]
        refused = world.token_response(who.client, purpose=who.purpose, actions=[action])
        former = (401, "invalid_client"), (400, "invalid_authorization_details")
        assert (refused.status_code, refused.json()["error"]) == former[caller != "ended"], action


@pytest.mark.parametrize("operation", NAMING)
def test_what_is_not_the_callers_is_not_there(node: Node, operation: str) -> None:
    """Whoever may call is told the same of another's thing as of none; whoever may not is told less."""
    for caller, cell in CELLS[operation].items():
        if cell in {"-", "401"}:
            continue
        places = node.foreign(caller), node.unknown()
        foreign, unknown = (node.call(caller, operation, holds=holds, whole=True) for holds in places)
        assert samples.refusal(foreign) == (404, "notFound"), caller
        assert seen(foreign) == seen(unknown), caller
        assert len(foreign.content) % 4096 == 0
