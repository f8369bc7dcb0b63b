"""Release by a published policy in place of a person's decision (REL-011).

Never of a person: not of the living, and if only of the dead, then the absence of a delay would tell a death.
"""

from mpex_server import office
from mpex_server.disclosures.work import Work
from mpex_server.domain.directives import Requester
from mpex_server.domain.majority import of_age_on
from mpex_server.domain.purposes import PROTECT_LIFE
from mpex_server.domain.release_policies import Policy, first_covering
from mpex_server.storage.documents import Document


def policy_for(
    work: Work, record: Document, requester: Requester, purpose: str, categories: frozenset[str]
) -> Policy | None:
    """Return the policy that releases all of the categories of a record, or None: a person decides."""
    known = office.of(work.settings)
    by_persons = purpose == PROTECT_LIFE or categories & known.four_eyes
    if by_persons or not may_be_automatic(work, record):
        return None
    return first_covering(known.policies, requester.recipient_class, purpose, categories)


def may_be_automatic(work: Work, record: Document) -> bool:
    """Tell whether no person need look: remains of somebody who was grown up by every account."""
    of_age = of_age_on(record.body["contributions"])
    return record.kind == "remains" and of_age is not None and of_age <= work.now().date()
