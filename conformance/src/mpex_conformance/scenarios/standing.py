"""Search: standing queries need a request that is open, an end, and room."""

from datetime import timedelta
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer

_MOST = 200


def _standing(lab: Lab, days: int, partner: str = "one") -> Answer:
    ends = samples.instant(timedelta(days=days))
    terms = {"retention": "standing", "onward": "none", "deleteBy": ends}
    body = samples.search(samples.query(scenes.fictitious_name()), scenes.PURPOSE, terms=terms)
    return lab.partner(partner).call("createSearch", body)


@check("srch-023", requirements=["SRCH-023"], needs=["partner.one"])
def standing_needs_a_request(lab: Lab) -> None:
    """A standing search whose request is for somebody else, or is not there, is refused."""
    known = scenes.known(lab)
    body: dict[str, Any] = {
        "person": known.record,
        "purpose": scenes.PURPOSE,
        "legalBasis": "vitalInterest",
        "caseReference": samples.case_reference(),
        "releaseSet": "identity",
        "partners": [lab.partner("one").identity.node_id],
        "standingUntil": samples.instant(timedelta(days=30)),
        "searchRequest": samples.identifier("request"),
    }
    refused = lab.staff("createPartnerSearch", body)
    expect.problem(refused, 422, why="a standing search without a request that is there")


@check("srch-024", requirements=["SRCH-024"], needs=["partner.one"])
def standing_ends(lab: Lab) -> None:
    """A standing query of thirteen months is refused, one of a month is taken."""
    expect.problem(_standing(lab, 400), 422, why="a standing query of more than a year")
    expect.status(_standing(lab, 1), 200)


@check("srch-025", requirements=["SRCH-025"], needs=["partner.two"])
def standing_has_room(lab: Lab) -> None:
    """Standing queries beyond the published number get 429."""
    room = lab.limit("standingSearchesPerPartner")
    if room > _MOST:
        raise UntestableError(f"a sandbox must publish at most {_MOST} standing queries for each partner")
    answers = (_standing(lab, 1, "two") for _ in range(room + 1))
    refused = next((answer for answer in answers if answer.status != 200), None)
    expect.that(refused is not None, "no standing query was refused")
    if refused is not None:
        expect.problem(refused, 429, "quotaExceeded")
