"""Who may do what, as the table of access says (`spec/access.csv`): nothing but what a row opens.

`ROLE_ACTIONS` and `PARTNER_ACTIONS` are what a caller has for one purpose or another; what it has for the
purpose of a token is `actions_of`. A partner can list and read no record (AUTH-014).
"""

from functools import lru_cache

import mpex_spec
from mpex_spec.access_table import PARTNER


def _ever(caller: str) -> frozenset[str]:
    return frozenset(row.action for row in mpex_spec.access() if row.caller == caller)


PARTNER_ACTIONS = _ever(PARTNER)

ROLE_ACTIONS = {role: _ever(role) for role in mpex_spec.codelist("staffRoles")}


@lru_cache(maxsize=1024)
def actions_of(callers: tuple[str, ...], purpose: str, recipient_class: str | None = None) -> frozenset[str]:
    """Return what is open to any of the callers for a purpose (ACC-001); for one that is prohibited, nothing.

    Partners have a class of recipient, and staff have none.
    """
    return frozenset(
        row.action
        for row in mpex_spec.access()
        if row.caller in callers and row.serves(purpose, recipient_class)
    )


@lru_cache(maxsize=256)
def staff_actions(roles: tuple[str, ...]) -> frozenset[str]:
    """Return every action that one of the roles has for any purpose; unknown roles have none."""
    return frozenset().union(*(ROLE_ACTIONS.get(role, frozenset()) for role in roles))
