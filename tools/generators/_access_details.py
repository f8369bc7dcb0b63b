"""Authorization details (RFC 9396), good and bad, as texts: some are no JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tools.generators._access_keys import Json

_RIGHT: Json = {
    "type": "urn:mpex:access",
    "purpose": "searchLiving",
    "legalBasis": "consent",
    "actions": ["incidents:read"],
}
_GOOD = {
    "right": {},
    "with categories": {"categories": ["names"]},
    "two actions": {"actions": ["incidents:read", "persons:read"]},
}
_BAD: dict[str, Json] = {
    "an unknown type": {"type": "urn:other:access"},
    "no type": {"type": None},
    "an unknown purpose": {"purpose": "curiosity"},
    "no purpose": {"purpose": None},
    "a list of purposes": {"purpose": ["searchLiving"]},
    "an unknown legal basis": {"legalBasis": "none"},
    "no legal basis": {"legalBasis": None},
    "an unknown action": {"actions": ["incidents:read", "everything:do"]},
    "an action twice": {"actions": ["incidents:read", "incidents:read"]},
    "no action": {"actions": []},
    "actions that are absent": {"actions": None},
    "an unknown category": {"categories": ["everything"]},
    "a case, which goes with the request": {"case": "person:aaaaaaaaaaaaaaaaaaaaaaaaaa"},
    "a place, which other profiles know": {"locations": ["https://node.example"]},
    "immigration enforcement": {"purpose": "immigrationEnforcement"},
    "border control": {"purpose": "borderControl"},
    "return procedures": {"purpose": "returnProcedure"},
    "commerce": {"purpose": "commercial"},
}


def document() -> Json:
    """Return the vectors of authorization details."""
    return {
        "description": (
            "The parameter `authorization_details` of a client that may ask for every purpose that is not "
            "prohibited and for the actions `incidents:read` and `persons:read`; null for none at all."
        ),
        "requirements": ["AUTH-009", "AUTH-017", "PURP-001"],
        "status": 400,
        "error": "invalid_authorization_details",
        "cases": list(_cases()),
    }


def _cases() -> Iterator[Json]:
    for accepted, table in ((True, _GOOD), (False, _BAD)):
        for name, changes in table.items():
            yield _case(name, json.dumps([_with(changes)]), accepted=accepted)
    right = json.dumps(_RIGHT)
    texts = {
        "none at all": None,
        "empty": "",
        "not JSON": "[{",
        "an object without its list": right,
        "an empty list": "[]",
        "two objects": f"[{right},{right}]",
        "a list in the list": f"[[{right}]]",
        "a text": '"urn:mpex:access"',
        "null": "null",
        "a member twice": "[" + right.replace("{", '{"purpose":"statistics",', 1) + "]",
        "a number that JSON does not know": "[NaN]",
        "more behind it": f"[{right}] []",
    }
    for name, text in texts.items():
        yield _case(name, text, accepted=False)


def _with(changes: Json) -> Json:
    return {name: value for name, value in (_RIGHT | changes).items() if value is not None}


def _case(name: str, text: str | None, *, accepted: bool) -> Json:
    return {"name": name, "authorizationDetails": text, "accepted": accepted}
