"""Conditions that travel with a release: when they end, and that they only narrow on the way (ONW-002)."""

from collections.abc import Iterable, Mapping
from typing import Any

from .directives import Exclusion, Requester
from .purposes import PROTECT_LIFE, PROTECT_LIFE_CLASSES

Json = dict[str, Any]


def barrier(
    obligations: Mapping[str, Any], requester: Requester, *, purpose: str, chain: Iterable[str]
) -> str | None:
    """Return why nothing may go on to a node, or None; `chain` are the nodes that have had the data."""
    if obligations["onward"] == "none":
        return "the release may not be passed on"
    if purpose not in requester.purposes:
        return "is not mandated for the purpose of the release"
    if purpose == PROTECT_LIFE and requester.recipient_class not in PROTECT_LIFE_CLASSES:
        return "is no rescue or health service"
    if requester.is_excluded_by(exclusions(obligations)):
        return "is a recipient that must receive nothing"
    return "has had the data before" if requester.node_id in chain else None


def must_ask(obligations: Mapping[str, Any], requester: Requester, *, purpose: str) -> bool:
    """Tell whether the origin has to be asked: where it says so, in emergencies, and about authorities.

    Two persons decide on each recipient in an emergency (PURP-010), and which countries a person has to fear
    is known to the origin only (CONS-008).
    """
    authority = bool(requester.nationality_authority_of) or requester.recipient_class == "consular"
    return authority or purpose == PROTECT_LIFE or bool(obligations["onward"] == "ask")


def end_of(conditions: Mapping[str, Any]) -> str:
    """Return the instant from which released data may not be kept, by what travels with them (REL-014)."""
    return str(min(conditions["validUntil"], conditions["obligations"]["deleteBy"]))


def exclusions(obligations: Mapping[str, Any]) -> frozenset[Exclusion]:
    """Return `doNotShareWith` of the obligations of a release."""
    return frozenset(Exclusion(*item) for entry in obligations["doNotShareWith"] for item in entry.items())


def origin_of(claims: Mapping[str, Any]) -> Json:
    """Return where the data of a statement come from: a release at first hand is an origin itself."""
    return {"release": claims["jti"], "chain": [claims["iss"]]} | dict(claims["origin"])


def is_consistent(claims: Mapping[str, Any]) -> bool:
    """Tell whether a statement names the nodes that its data have passed: from custodian to issuer."""
    origin = origin_of(claims)
    chain = origin["chain"]
    ends = (chain[0], chain[-1]) == (origin["custodian"], claims["iss"])
    return ends and len(set(chain)) == len(chain) and claims["aud"] not in chain
