"""The levels that refuse a prohibited purpose, to be switched off one by one."""

from typing import Any

import pytest
from mpex_server.disclosures import decision
from mpex_server.domain.consent import Decision, Outcome
from mpex_server.domain.voices import Query
from mpex_server.http import runner
from mpex_server.oauth import clients, principal, token
from mpex_server.oauth.access import actions_of

LEVELS = ("token", "request", "decision")
"""Of the application; the fourth is the floor of the database, which no program switches off."""


def switch_off(monkeypatch: pytest.MonkeyPatch, *levels: str) -> None:
    """Let the levels named take every purpose as if it were a permitted one."""
    monkeypatch.setattr(
        clients, "actions_of", lambda callers, _, *of: actions_of(callers, "searchLiving", *of)
    )
    if "token" in levels:
        monkeypatch.setattr(token, "PROHIBITED", frozenset())
        monkeypatch.setattr(token, "_is_of_this_node", lambda *_: True)
    if "request" in levels:
        monkeypatch.setattr(principal, "PROHIBITED", frozenset())
        monkeypatch.setattr(runner, "PROHIBITED", frozenset())
    if "decision" in levels:
        monkeypatch.setattr(decision, "decide", everything)


def everything(query: Query, _directives: Any) -> Decision:
    """Permit whatever is asked, as a broken node might."""
    asked = ((one, category) for one in query.contributions for category in query.categories)
    return Decision(dict.fromkeys(asked, Outcome(True, ())))
