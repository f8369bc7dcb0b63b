"""Every cell of the table of access is what the table of callers says, which was written by hand.

They stand for all: another purpose is as searching for the living, another class of recipient as a charity.
"""

from collections.abc import Iterator
from itertools import product

import mpex_spec
import pytest
from mpex_server.http import spec
from mpex_server.oauth.access import PARTNER_ACTIONS, ROLE_ACTIONS, actions_of
from mpex_spec.access_table import FORMER_PARTNER, PARTNER

from tests.server.exchange.callers import ASSERT_DEATH, WHO, action_of, opens

WITHIN = {action_of(ASSERT_DEATH)}
"""Actions that no operation asks for, but what is said in one: whether somebody is dead (CASE-005)."""
ACTIONS = mpex_spec.codelist("actions")
PURPOSES = mpex_spec.codelist("purposes")
CLASSES = mpex_spec.codelist("recipientClasses")
ALIKE = {"statistics": "count", "protectLife": "haste"}
"""The purposes for which staff may not do what they may otherwise, and who shows it."""


def said(action: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield by caller, purpose and class to whom the callers say that an action is open."""
    callers = opens(action)
    purposes = [code for code, row in PURPOSES.items() if row["prohibited"] == "false"]
    for name, purpose in product(WHO, purposes):
        role = WHO[name].roles
        if name in callers and len(role) == 1 and ALIKE.get(purpose, name) in callers:
            yield role[0], purpose, None
    for recipient, purpose in product(CLASSES, purposes):
        one = {"health": "life", "rescue": "life"}.get(recipient, "alms")
        if {one} <= callers if purpose == "protectLife" else {"own", "other", "purpose"} <= callers:
            yield PARTNER, purpose, recipient
        if "ended" in callers:
            yield FORMER_PARTNER, purpose, recipient


@pytest.mark.parametrize("action", ACTIONS)
def test_every_cell_is_as_the_callers_say(action: str) -> None:
    staff = product(ROLE_ACTIONS, PURPOSES, [None])
    partners = product([PARTNER, FORMER_PARTNER], PURPOSES, CLASSES)
    opened = {
        (caller, purpose, recipient)
        for caller, purpose, recipient in [*staff, *partners]
        if action in actions_of((caller,), purpose, recipient)
    }
    assert opened == set(said(action))


def test_nobody_may_do_anything_for_a_prohibited_purpose() -> None:
    everybody = (*ROLE_ACTIONS, PARTNER, FORMER_PARTNER)
    for purpose, row in PURPOSES.items():
        opened = [actions_of(everybody, purpose, recipient) for recipient in (None, *CLASSES)]
        assert any(opened) is (row["prohibited"] == "false")


def test_actions_of_roles_are_those_of_the_interface() -> None:
    declared = {operation.action for operation in spec.operations().values() if operation.action}
    assert frozenset().union(*ROLE_ACTIONS.values()) | PARTNER_ACTIONS == declared | WITHIN
    assert ACTIONS.keys() == declared | WITHIN


def test_who_reads_remains_reads_persons() -> None:
    readers = [actions for actions in ROLE_ACTIONS.values() if "remains:read" in actions]
    assert readers
    assert all("persons:read" in actions for actions in readers)


def test_a_partner_may_ask_collect_tell_and_check_the_log_and_nothing_else() -> None:
    exchange = {"searches", "custody", "releaseRequests", "releases", "events", "log"}
    assert {action.split(":")[0] for action in PARTNER_ACTIONS} == exchange
    assert "log:audit" not in PARTNER_ACTIONS


def test_to_assert_a_death_and_to_release_are_rights_of_their_own() -> None:
    rows = mpex_spec.access()
    rights = [
        {row.caller for row in rows if row.action == name}
        for name in ("deaths:assert", "releaseCases:decide")
    ]
    assert rights[0] < rights[1]
