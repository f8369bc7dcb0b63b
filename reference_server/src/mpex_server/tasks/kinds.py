"""The kinds of tasks: whose work each is, when it is due, when it shows, and to whom it goes when overdue.

Everything that waits for a person is a task, and every kind has its row here (codelist `taskKinds`).
"""

from dataclasses import dataclass
from datetime import datetime

from mpex_server.office import Office

SUPERIOR = "supervisor"
"""Role to which overdue tasks go."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task.

    `roles` do it, due after `hours` of working time; a `hidden` one shows only once it is due; an overdue one
    goes to the superior role too when it `escalates`; one that is closed `by_hand` ends when a person says
    so, and every other with the act that it asks for. One that `needs` an action shows to nobody else.
    """

    roles: frozenset[str]
    hours: int = 48
    hidden: bool = False
    escalates: bool = True
    by_hand: bool = False
    needs: str | None = None

    def due(self, office: Office, now: datetime) -> datetime:
        """Return when a task that is opened now is due."""
        return office.due(now, self.hours)


_KNOWS_DEATHS = "identifications:read"
_CASEWORK = frozenset({"caseWorker", "releaseOfficer"})

KINDS: dict[str, Kind] = {
    "silentHit": Kind(frozenset({"registrar", "caseWorker"})),
    "releaseRequest": Kind(frozenset({"releaseOfficer"})),
    "overdueRecall": Kind(frozenset({"caseWorker"}), hidden=True, escalates=False, by_hand=True),
    "laboratoryInstruction": Kind(frozenset({"registrar", "caseWorker"}), hours=24, by_hand=True),
    "frozenRecord": Kind(frozenset({"caseWorker", "releaseOfficer"}), hours=24, by_hand=True),
    "successor": Kind(frozenset({"registrar", "caseWorker"}), by_hand=True),
    "identificationProposed": Kind(frozenset({"releaseOfficer"}), needs=_KNOWS_DEATHS),
    "jointIdentification": Kind(frozenset({"releaseOfficer"}), by_hand=True, needs=_KNOWS_DEATHS),
    "identityError": Kind(frozenset({"releaseOfficer"}), hours=16),
    "erasureConfirmation": Kind(frozenset({"releaseOfficer", "supervisor"}), hidden=True, escalates=False),
    "protection": Kind(frozenset({"caseWorker", "supervisor"}), hours=8, by_hand=True),
    "review": Kind(frozenset({"registrar", "caseWorker"}), hidden=True, escalates=False),
    "majorityReview": Kind(
        frozenset({"registrar", "caseWorker"}), hidden=True, escalates=False, by_hand=True
    ),
    "emergencyReview": Kind(frozenset({"releaseOfficer", "supervisor"}), hours=24, by_hand=True),
    "informPerson": Kind(frozenset({"registrar", "caseWorker"}), hours=24, by_hand=True),
    "possibleDuplicate": Kind(frozenset({"caseWorker"}), hours=80, by_hand=True),
    "standingNews": Kind(frozenset({"caseWorker"}), by_hand=True),
    "probedRecord": Kind(frozenset({"caseWorker", "releaseOfficer"}), by_hand=True),
    "releaseOffered": Kind(frozenset({"caseWorker"}), by_hand=True),
    "onwardRequest": Kind(frozenset({"releaseOfficer"})),
    "breach": Kind(frozenset({"caseWorker"}), hours=24, by_hand=True),
    "missingEvent": Kind(frozenset({"caseWorker"}), hours=24, hidden=True),
    "retentionReview": Kind(frozenset({"releaseOfficer"}), hidden=True),
    "assistanceRequest": Kind(_CASEWORK, needs=_KNOWS_DEATHS),
    "assistanceDue": Kind(_CASEWORK, hours=240, needs=_KNOWS_DEATHS),
    "assistanceAnswer": Kind(_CASEWORK, by_hand=True, needs=_KNOWS_DEATHS),
    "caseMessage": Kind(_CASEWORK, by_hand=True),
    "custodyOffer": Kind(frozenset({"releaseOfficer"}), hours=240),
    "releaseEnds": Kind(frozenset({"caseWorker"}), hidden=True, escalates=False, by_hand=True),
}

HIDDEN = frozenset(name for name, kind in KINDS.items() if kind.hidden)
ESCALATING = frozenset(name for name, kind in KINDS.items() if kind.escalates)


def of_role(role: str) -> frozenset[str]:
    """Return the kinds that are a role's own work."""
    return frozenset(name for name, kind in KINDS.items() if role in kind.roles)


def withheld(actions: frozenset[str]) -> frozenset[str]:
    """Return the kinds that whoever has no more than these actions may not know of (CASE-017)."""
    return frozenset(name for name, kind in KINDS.items() if kind.needs not in {None, *actions})
