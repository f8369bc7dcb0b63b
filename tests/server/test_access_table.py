"""The table of actions agrees with the interface, and keeps partners away from records."""

from mpex_server.http import spec
from mpex_server.oauth.access import PARTNER_ACTIONS, ROLE_ACTIONS

RECORDS = {"persons", "remains", "requests", "directives", "incidents", "matches", "identifications"}


def test_actions_of_roles_are_those_of_the_interface() -> None:
    declared = {operation.action for operation in spec.operations().values() if operation.action}
    assert frozenset().union(*ROLE_ACTIONS.values()) | PARTNER_ACTIONS == declared


def test_no_action_of_a_partner_concerns_records() -> None:
    assert not {action.split(":")[0] for action in PARTNER_ACTIONS} & RECORDS
