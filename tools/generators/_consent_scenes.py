"""What the cases of the consent vectors are made of: requesters, grants, directives, queries."""

from __future__ import annotations

from typing import Any

NOW, BEFORE, AFTER = "2026-11-21T10:00:00Z", "2026-11-20T10:00:00Z", "2026-12-01T10:00:00Z"
GROWN, CHILD, AGELESS = "2010-01-01", "2030-01-01", None
"""Days on which somebody is of age: long past, to come, and unknown."""
Json = dict[str, Any]


def ident(kind: str, name: str) -> str:
    """Return an identifier that shows in a diff what it stands for."""
    return f"{kind}:{name:a<26}"


OWN, OTHER = ident("contribution", "own"), ident("contribution", "other")
NODE, NEIGHBOUR = ident("node", "asker"), ident("node", "neighbour")


def requester(recipient_class: str = "humanitarian", **members: Any) -> Json:
    """Return a registry entry, reduced to what the decision reads."""
    entry: Json = {
        "nodeId": NODE,
        "recipientClass": recipient_class,
        "territories": ["CH"],
        "purposes": [
            "searchLiving",
            "identifyDeceased",
            "familyReunification",
            "protectLife",
            "repatriation",
        ],
    }
    return entry | members


def grant(effect: str = "permit", **members: Any) -> Json:
    """Return a grant: by default search details for humanitarian organisations that search the living."""
    if effect == "deny":
        return {"effect": effect, "purposes": ["searchLiving"]} | members
    base: Json = {
        "purposes": ["searchLiving"],
        "releaseSets": ["identity"],
        "recipientClasses": ["humanitarian"],
    }
    return {"effect": effect} | base | members


def directive(name: str, *grants: Json, authority: str = "enquirer", **members: Any) -> Json:
    """Return a directive as the wire writes it; `validUntil` and `scope` go to `givenBy`."""
    of_authority = {key: members.pop(key) for key in ("validUntil", "scope") if key in members}
    given_by = {"authority": authority} | of_authority
    return {
        "directiveId": ident("directive", name),
        "legalBasis": "consent",
        "dataSubject": "soughtPerson",
        "givenBy": given_by,
        "givenAt": BEFORE,
        "method": "oral",
        "grants": list(grants),
    } | members


DEFAULTS: Json = {
    "requester": requester(),
    "purpose": "searchLiving",
    "categories": ["names"],
    "at": NOW,
    "living": True,
    "ofAgeOn": GROWN,
    "countries": ["ER"],
}
"""What the query of a case says where the case does not."""


def case(
    name: str,
    *directives: Json,
    expect: Json | str,
    duties: Json | None = None,
    shows: str | None = None,
    **query: Any,
) -> Json:
    """Return a case. `expect` is what the first contribution is permitted, or the reason of refusal.

    `duties` are obligations of the permit that the case is about; `shows` is the requirement, by default that
    of the group. Contributions default to one, under the first directive.
    """
    first = directives[0]["directiveId"] if directives else None
    contributions = {"contributions": {OWN: first}}
    stated = {"permits": expect, "duties": duties or {}}
    return {
        "name": name,
        "shows": shows,
        "query": contributions | query,
        "directives": list(directives),
        "stated": stated,
    }
