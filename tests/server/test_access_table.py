"""The table of actions agrees with the interface, and keeps partners to the exchange."""

import mpex_spec
from mpex_server.http import spec
from mpex_server.oauth.access import PARTNER_ACTIONS, ROLE_ACTIONS

WITHIN = {"deaths:assert"}
"""Actions that no operation asks for, but what is said in one: whether somebody is dead (CASE-005)."""


def test_actions_of_roles_are_those_of_the_interface() -> None:
    declared = {operation.action for operation in spec.operations().values() if operation.action}
    assert frozenset().union(*ROLE_ACTIONS.values()) | PARTNER_ACTIONS == declared | WITHIN
    assert mpex_spec.codelist("actions").keys() == declared | WITHIN


def test_who_reads_remains_reads_persons() -> None:
    readers = [actions for actions in ROLE_ACTIONS.values() if "remains:read" in actions]
    assert readers
    assert all("persons:read" in actions for actions in readers)


def test_a_partner_may_ask_collect_tell_and_check_the_log_and_nothing_else() -> None:
    exchange = {"searches", "custody", "releaseRequests", "releases", "events", "log"}
    assert {action.split(":")[0] for action in PARTNER_ACTIONS} == exchange
    assert "log:audit" not in PARTNER_ACTIONS
