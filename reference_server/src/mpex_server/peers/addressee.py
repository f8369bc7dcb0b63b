"""The partner that staff write to: active, marked, and given the purpose by the registry (MSG-001)."""

from collections.abc import Mapping
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.errors import Fault, Problem
from mpex_server.peers import registry


def require(work: Work, body: Mapping[str, Any]) -> None:
    """Refuse to write to whom the registry does not name in `to` for this `purpose`; raises Problem."""
    partner = registry.find(work.conn, body["to"], work.now())
    if partner is None:
        raise Problem("ruleViolation", faults=[Fault("/to", "is no active partner of the registry")])
    if body["purpose"] not in partner.entry["purposes"]:
        text = "is no purpose that the registry gives this partner"
        raise Problem("ruleViolation", faults=[Fault("/purpose", text)])
