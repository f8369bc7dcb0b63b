"""The kinds of tasks: whose work each is, when it is due, when it shows, and to whom it goes when overdue.

Everything that waits for a person is a task, and every kind has its row here (codelist `taskKinds`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from mpex_server.oauth.access import staff_actions
from mpex_server.office import Office

SUPERIOR = "supervisor"
"""Role to which overdue tasks go, and which may do what each of them asks for."""
BY_HAND = "tasks:write"
"""Action of the act that ends a task by saying that it is done."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task.

    `roles` do it, due after `hours` of working time; a `hidden` one shows only `ahead` days before that, and
    an overdue one goes to the superior role too when it `escalates`. `ends_with` is the action of the act
    that it asks for: `BY_HAND` where it ends when a person says so, None where it ends by itself. One that
    `needs` an action shows to nobody else.
    """

    roles: frozenset[str]
    ends_with: str | None
    hours: int = 48
    hidden: bool = False
    ahead: int = 0
    escalates: bool = True
    needs: str | None = None

    def due(self, office: Office, now: datetime) -> datetime:
        """Return when a task that is opened now is due."""
        return office.due(now, self.hours)


_KNOWS_DEATHS = "identifications:read"
_CASEWORK = frozenset({"caseWorker", "releaseOfficer"})

KINDS: dict[str, Kind] = {
    "silentHit": Kind(frozenset({"registrar", "caseWorker"}), "persons:choose"),
    "releaseRequest": Kind(frozenset({"releaseOfficer"}), "releaseCases:decide"),
    "overdueRecall": Kind(frozenset({"caseWorker"}), BY_HAND, hidden=True, escalates=False),
    "laboratoryInstruction": Kind(frozenset({"registrar", "caseWorker"}), BY_HAND, hours=24),
    "frozenRecord": Kind(frozenset({"caseWorker", "releaseOfficer"}), BY_HAND, hours=24),
    "successor": Kind(frozenset({"registrar", "caseWorker"}), BY_HAND),
    "identificationProposed": Kind(
        frozenset({"releaseOfficer"}), "identifications:write", needs=_KNOWS_DEATHS
    ),
    "jointIdentification": Kind(frozenset({"releaseOfficer"}), BY_HAND, needs=_KNOWS_DEATHS),
    "identityError": Kind(frozenset({"releaseOfficer"}), "identityErrors:answer", hours=16),
    "erasureConfirmation": Kind(
        frozenset({"releaseOfficer", "supervisor"}), "erasures:confirm", hidden=True, escalates=False
    ),
    "protection": Kind(frozenset({"caseWorker", "supervisor"}), BY_HAND, hours=8),
    "review": Kind(frozenset({"registrar", "caseWorker"}), "persons:write", hidden=True, escalates=False),
    "consentReview": Kind(frozenset({"registrar", "caseWorker"}), "directives:review", hidden=True, ahead=30),
    "majorityReview": Kind(frozenset({"registrar", "caseWorker"}), BY_HAND, hidden=True, escalates=False),
    "childProtection": Kind(
        frozenset({"registrar", "caseWorker"}), "persons:write", hours=16, escalates=False
    ),
    "emergencyReview": Kind(frozenset({"releaseOfficer", "supervisor"}), BY_HAND, hours=24),
    "informPerson": Kind(frozenset({"registrar", "caseWorker"}), BY_HAND, hours=24),
    "dispute": Kind(frozenset({"registrar", "caseWorker"}), "persons:write", hours=80, escalates=False),
    "possibleDuplicate": Kind(frozenset({"caseWorker"}), BY_HAND, hours=80),
    "standingNews": Kind(frozenset({"caseWorker"}), BY_HAND),
    "probedRecord": Kind(frozenset({"caseWorker", "releaseOfficer"}), BY_HAND),
    "releaseOffered": Kind(frozenset({"caseWorker"}), BY_HAND),
    "changeProposed": Kind(
        frozenset({"caseWorker"}), "proposals:answer", escalates=False, needs=_KNOWS_DEATHS
    ),
    "changeAnswered": Kind(_CASEWORK, BY_HAND, needs=_KNOWS_DEATHS),
    "onwardRequest": Kind(frozenset({"releaseOfficer"}), "releaseCases:decide"),
    "breach": Kind(frozenset({"caseWorker"}), BY_HAND, hours=24),
    "missingEvent": Kind(frozenset({"caseWorker"}), None, hours=24, hidden=True),
    "retentionReview": Kind(frozenset({"releaseOfficer"}), "receivedReleases:retain", hidden=True),
    "assistanceRequest": Kind(_CASEWORK, "assistance:write", needs=_KNOWS_DEATHS),
    "assistanceDue": Kind(_CASEWORK, "assistance:write", hours=240, needs=_KNOWS_DEATHS),
    "assistanceAnswer": Kind(_CASEWORK, BY_HAND, needs=_KNOWS_DEATHS),
    "caseMessage": Kind(_CASEWORK, BY_HAND),
    "custodyOffer": Kind(frozenset({"releaseOfficer"}), "custody:write", hours=240),
    "custodyApproval": Kind(frozenset({"releaseOfficer", "supervisor"}), "custody:write"),
    "releaseEnds": Kind(frozenset({"caseWorker"}), BY_HAND, hidden=True, escalates=False),
}

HIDDEN = {name: timedelta(days=kind.ahead) for name, kind in KINDS.items() if kind.hidden}
"""Kind that shows late -> how long before it is due."""
ESCALATING = frozenset(name for name, kind in KINDS.items() if kind.escalates)


def of_role(role: str) -> frozenset[str]:
    """Return the kinds that are a role's own work."""
    return frozenset(name for name, kind in KINDS.items() if role in kind.roles)


def withheld(actions: frozenset[str], roles: Collection[str] | None = None) -> frozenset[str]:
    """Return the kinds of which whoever acts may not know (CASE-017, TASK-005).

    Whose `roles` may not know of deaths sees their own work alone: a question of a partner, and its purpose,
    can tell of one. No roles are given for the operator, who sees due times and nothing about anybody.
    """
    secret = frozenset(name for name, kind in KINDS.items() if kind.needs not in {None, *actions})
    if roles is None or _KNOWS_DEATHS in staff_actions(tuple(roles)):
        return secret
    return secret | (KINDS.keys() - frozenset[str]().union(*map(of_role, roles)))
