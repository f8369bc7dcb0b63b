"""What people lay down and ask for in the run, drawn so that something comes of it often enough."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.oracle import documents

Json = dict[str, Any]
PURPOSES = ("searchLiving", "searchLiving", "searchLiving", "identifyDeceased", "familyReunification")
SETS = ("identity", "identity", "searchDetail", "forensic", "contact", "summary")
_CLASSES = ("humanitarian", "forensic", "police")
_PROTECTIVE = ("court", "self", "guardian", "childProtection")


def directive(draw: Random, nodes: list[str], at: str) -> Json:
    """Return what an enquirer, or now and then somebody else, permits."""
    authority = draw.choice(("enquirer",) * 6 + ("self", "parent", "institution", "court"))
    onward = draw.choice(("samePurpose", "samePurpose", "ask", "none"))
    grants = [_permit(draw, nodes, at) | {"onward": onward} for _ in range(draw.choice((1, 1, 2)))]
    if draw.random() < 0.1:
        grants.append(_denial(draw, nodes))
    members: Json = {}
    if draw.random() < 0.1:
        members["doNotShareWith"] = [_exclusion(draw, nodes)]
    return documents.directive(authority, grants, **members)


def denial(draw: Random, nodes: list[str]) -> Json:
    """Return what the person or a protector forbids for the whole record."""
    authority = draw.choice(_PROTECTIVE)
    if draw.random() < 0.3:
        return documents.directive(authority, [], doNotShareWith=[_exclusion(draw, nodes)])
    return documents.directive(authority, [_denial(draw, nodes)])


def later(at: str, **span: float) -> str:
    """Return an instant some time after another."""
    return (datetime.fromisoformat(at) + timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _permit(draw: Random, nodes: list[str], at: str) -> Json:
    grant: Json = {
        "effect": "permit",
        "purposes": sorted(set(PURPOSES) if draw.random() < 0.7 else {draw.choice(PURPOSES)}),
        "releaseSets": sorted({draw.choice(SETS), "searchDetail" if draw.random() < 0.7 else "identity"}),
        "recipientClasses": list(_CLASSES) if draw.random() < 0.75 else [draw.choice(_CLASSES)],
    }
    if draw.random() < 0.15:
        grant["recipientIds"] = [draw.choice(nodes)]
    if draw.random() < 0.15:
        grant["territories"] = draw.choice((["CH"], ["IT", "CH"]))
    if draw.random() < 0.2:
        grant["expires"] = later(at, days=draw.randint(1, 6))
    if draw.random() < 0.1:
        grant["notBefore"] = later(at, days=1)
    return grant


def _denial(draw: Random, nodes: list[str]) -> Json:
    grant: Json = {"effect": "deny", "purposes": sorted({draw.choice(PURPOSES), draw.choice(PURPOSES)})}
    if draw.random() < 0.5:
        grant["categories"] = sorted(draw.sample(documents.CATEGORIES, draw.randint(1, 3)))
    if draw.random() < 0.5:
        grant["recipientClasses"] = [draw.choice(_CLASSES)]
    elif draw.random() < 0.3:
        grant["recipientIds"] = [draw.choice(nodes)]
    return grant


def _exclusion(draw: Random, nodes: list[str]) -> Json:
    return draw.choice(
        (
            {"nodeId": draw.choice(nodes)},
            {"recipientClass": draw.choice(_CLASSES)},
            {"parentMinistry": "invented  ministry of the INTERIOR"},
            {"unit": "Invented Unit 7"},
            {"mandate": "Invented Tracing Act"},
        )
    )
