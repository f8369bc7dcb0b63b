"""What may go on to a third node: its conditions only ever narrow (ONW-001, ONW-002)."""

from collections.abc import Iterable, Mapping
from typing import Any

from .directives import Exclusion, Requester

Json = dict[str, Any]


def barrier(
    obligations: Mapping[str, Any], requester: Requester, *, purpose: str, chain: Iterable[str]
) -> str | None:
    """Return why nothing may go on to a node, or None; `chain` are the nodes that have had the data."""
    if obligations["onward"] == "none":
        return "the release may not be passed on"
    if purpose not in requester.purposes:
        return "is not mandated for the purpose of the release"
    if requester.is_excluded_by(exclusions(obligations)):
        return "is a recipient that must receive nothing"
    return "has had the data before" if requester.node_id in chain else None


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
