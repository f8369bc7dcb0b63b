"""What one grant and one exclusion say, after the text of the standard (chapter 10, Grants)."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from mpex_spec import codelist

Json = Mapping[str, Any]


def applying(directive: Json, effect: str, query: Json) -> Iterator[Json]:
    """Return the grants of a directive with that effect that apply to a query."""
    for grant in directive["grants"]:
        if grant["effect"] == effect and _in_time(grant, query["at"]):
            if effect == "permit" and _permit_applies(directive, grant, query):
                yield grant
            if effect == "deny" and _denial_applies(grant, query):
                yield grant


def covers(directive: Json, grant: Json, category: str) -> bool:
    """Tell whether a grant covers a category, within the scope of its authority if it is a permit."""
    stated = grant.get("categories") or grant.get("releaseSets")
    if grant["effect"] == "deny":
        return not stated or category in _categories(grant)
    scope = directive["givenBy"].get("scope", {}).get("categories")
    return category in _categories(grant) and (not scope or category in scope)


def names(grant: Json, requester: Json) -> bool:
    """Tell whether a grant names the requester, by identifier or by class."""
    by_class = requester["recipientClass"] in grant.get("recipientClasses", ())
    return by_class or requester["nodeId"] in grant.get("recipientIds", ())


def excludes(directive: Json, requester: Json) -> bool:
    """Tell whether `doNotShareWith` names the requester (CONS-004)."""
    exactly = {"nodeId": requester["nodeId"], "recipientClass": requester["recipientClass"]}
    folded = {
        "parentMinistry": [requester.get("parentMinistry")],
        "unit": [requester.get("unit")],
        "mandate": requester.get("mandates", ()),
    }
    return any(
        exactly[member] == value
        if member in exactly
        else _plain(value) in [_plain(text) for text in folded[member] if text]
        for entry in directive.get("doNotShareWith", ())
        for member, value in entry.items()
    )


def _permit_applies(directive: Json, grant: Json, query: Json) -> bool:
    purpose, requester, territories = query["purpose"], query["requester"], grant.get("territories")
    scope, stated = directive["givenBy"].get("scope", {}).get("purposes"), requester.get("territories")
    return (
        purpose in grant["purposes"]
        and (not scope or purpose in scope)
        and names(grant, requester)
        and (not territories or (bool(stated) and set(stated) <= set(territories)))
    )


def _denial_applies(grant: Json, query: Json) -> bool:
    requester, territories = query["requester"], grant.get("territories")
    purposes, stated = grant.get("purposes"), requester.get("territories")
    nobody = not grant.get("recipientIds") and not grant.get("recipientClasses")
    return (
        (not purposes or query["purpose"] in purposes)
        and (nobody or names(grant, requester))
        and (not territories or not stated or bool(set(stated) & set(territories)))
    )


def _in_time(grant: Json, at: str) -> bool:
    return grant.get("notBefore", at) <= at and ("expires" not in grant or grant["expires"] > at)


def _categories(grant: Json) -> set[str]:
    sets = [codelist("releaseSets")[name]["categories"].split() for name in grant.get("releaseSets", ())]
    return {*grant.get("categories", ()), *(category for named in sets for category in named)}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
