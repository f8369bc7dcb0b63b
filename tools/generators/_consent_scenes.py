"""What the cases of the consent vectors are made of: requesters, grants, directives, queries."""

from __future__ import annotations

from typing import Any

NOW, BEFORE, AFTER = "2026-11-21T10:00:00Z", "2026-11-20T10:00:00Z", "2026-12-01T10:00:00Z"
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
    """Return a directive as the wire writes it; `validUntil` goes to `givenBy`."""
    given_by = {"authority": authority} | {key: members.pop(key) for key in ("validUntil",) if key in members}
    return {
        "directiveId": ident("directive", name),
        "legalBasis": "consent",
        "dataSubject": "soughtPerson",
        "givenBy": given_by,
        "givenAt": BEFORE,
        "method": "oral",
        "grants": list(grants),
    } | members


def case(name: str, *directives: Json, expect: Json | str, **query: Any) -> Json:
    """Return a case. `expect` is what the first contribution is permitted, or the reason of refusal.

    Contributions default to one, under the first directive.
    """
    first = directives[0]["directiveId"] if directives else None
    base: Json = {
        "requester": requester(),
        "purpose": "searchLiving",
        "categories": ["names"],
        "at": NOW,
        "living": True,
        "minor": False,
        "countries": ["ER"],
        "contributions": {OWN: first},
    }
    return {"name": name, "query": base | query, "directives": list(directives), "stated": expect}
