"""Search: whom a case worker asks and on which grounds; standing queries need a request, an end, and room."""

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


def _asked(lab: Lab, partners: list[str | None], **members: Any) -> dict[str, Any]:
    return {
        "person": scenes.known(lab).record,
        "purpose": scenes.PURPOSE,
        "legalBasis": "vitalInterest",
        "caseReference": samples.case_reference(),
        "releaseSet": "identity",
        "partners": partners,
        **members,
    }


@check("srch-027", requirements=["SRCH-027"], needs=["partner.one"])
def many_partners_need_a_reason(lab: Lab) -> None:
    """A search at six partners without a reason is refused, whoever they are."""
    partners: list[str | None] = [samples.identifier("node") for _ in range(5)]
    body = _asked(lab, [lab.partner("one").identity.node_id, *partners])
    refused = expect.problem(lab.staff("createPartnerSearch", body), 422, why="six partners without a reason")
    pointers = [fault["pointer"] for fault in refused.json.get("errors", ())]
    expect.that("/reason" in pointers, "the refusal does not ask for the reason")


@check("srch-028", requirements=["SRCH-028"], needs=["partner.one", "mock"])
def plans_are_not_sent(lab: Lab) -> None:
    """A plan names what would be sent, and the partner hears nothing."""
    mock = lab.mock("one")
    before = len(mock.searches)
    plan = expect.status(lab.staff("planPartnerSearch", _asked(lab, [mock.node_id])), 200)
    expect.that(plan.at("items", 0, "sentCategories"), "the plan does not say what would be sent")
    expect.that(len(mock.searches) == before, "a plan was sent")


@check("srch-035", requirements=["SRCH-035"], needs=["partner.one", "mock"])
def queries_keep_to_consent(lab: Lab) -> None:
    """A query holds what its directive permits to that partner, and nothing else of the record."""
    mock = lab.mock("one")
    permit = samples.grant([scenes.PURPOSE], releaseSets=[], categories=["names", "summary"])
    known = scenes.known(lab, [permit])
    asked = scenes.asked_partner(lab, known, mock.node_id)
    expect.that(asked.at("results", 0, "state") == "answered", "the target could not search at the partner")
    sent = set(mock.searches[-1]["query"])
    expect.that(sent == {"names", "summary"} & set(samples.sections(known.name)), "a query holds other data")
    silent = scenes.asked_partner(lab, scenes.known(lab, []), mock.node_id)
    expect.that(silent.at("results", 0, "state") == "withheld", "a query was sent that nobody permitted")


@check("srch-023", requirements=["SRCH-023"], needs=["partner.one"])
def standing_needs_a_request(lab: Lab) -> None:
    """A standing search whose request is for somebody else, or is not there, is refused."""
    ends, request = samples.instant(timedelta(days=30)), samples.identifier("request")
    partners = [lab.partner("one").identity.node_id]
    body = _asked(lab, partners, standingUntil=ends, searchRequest=request)
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
