"""Search: what a node publishes of its holdings, and what a plan says for and against a partner."""

from typing import Any

from mpex_spec import codelist

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire.anonymous import get_public

_TYPES = {"soughtPerson", "remainsUnit"}


def _counts(lab: Lab) -> list[dict[str, Any]]:
    metadata = expect.status(get_public(lab.wire, "getNodeMetadata"), 200).json
    if "holdings" not in metadata:
        raise UntestableError("the target publishes no holdings")
    return list(metadata["holdings"]["counts"])


@check("srch-029", requirements=["SRCH-029"])
def holdings_tell_bands_only(lab: Lab) -> None:
    """The holdings say type, year and band of sought persons and remains, and nothing else of records."""
    for entry in _counts(lab):
        expect.that(set(entry) == {"type", "year", "band"}, "the holdings say more than type, year and band")
        expect.that(entry["type"] in _TYPES, "the holdings tell of people who were found")


@check("srch-030", requirements=["SRCH-030"])
def holdings_leave_small_counts_out(lab: Lab) -> None:
    """No band is below those of the standard, whose lowest begins at ten."""
    bands = {str(entry["band"]) for entry in _counts(lab)}
    expect.that(bands <= set(codelist("holdingBands")), "a band is none of the standard's")


@check("srch-032", requirements=["SRCH-032"], needs=["partner.one", "mock"])
def plans_give_reasons(lab: Lab) -> None:
    """A plan without partners tells of each, with its mandate among the reasons, and sends nothing."""
    mock = lab.mock("one")
    before, mandate = len(mock.searches), lab.entry("one")["purposes"]
    body = {
        "person": scenes.known(lab).record,
        "purpose": scenes.PURPOSE,
        "legalBasis": "vitalInterest",
        "caseReference": samples.case_reference(),
        "releaseSet": "identity",
    }
    items = expect.status(lab.staff("planPartnerSearch", body), 200).at("items")
    found = next((item for item in items if item["partner"] == mock.node_id), None)
    expect.that(found is not None, "the plan leaves out an active partner")
    reasons = (found or {}).get("proposalReasons", ())
    right = "purposeInMandate" if scenes.PURPOSE in mandate else "purposeNotInMandate"
    expect.that(right in reasons, "the plan does not say whether the purpose is in the partner's mandate")
    expect.that(len(mock.searches) == before, "a plan was sent")
