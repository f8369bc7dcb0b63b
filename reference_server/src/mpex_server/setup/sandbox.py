"""A sandbox: a node with invented people only, a client of each role, and partners whose keys are known.

Everything a client or a conformance suite needs is written to `profile.toml` in the node's folder.
"""

from pathlib import Path
from typing import Any

import orjson

from mpex_server.federation import repository as trust
from mpex_server.keys.material import new_encryption_jwk, new_signing_jwk, public_jwk
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.oauth.access import ROLE_ACTIONS
from mpex_server.settings import Settings
from mpex_server.setup import folder as folders
from mpex_server.storage.engine import transaction, used

PROFILE = "profile.toml"
_PURPOSES = [
    *("searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport"),
    "protectLife",
]
_NOT_SERVED = "repatriation"
_OFFICE = {
    "fourEyes": {"categories": ["contact"]},
    "automaticReleases": [
        {
            "policy": "summariesOfRemains",
            "releaseSets": ["summary"],
            "recipientClasses": ["humanitarian"],
            "purposes": ["searchLiving"],
        }
    ],
}
_NOWHERE = "http://127.0.0.1:9"
_KEYLESS = "keyless"
# What a conformance suite needs beside two ordinary partners: two of other kinds, one without the mark of no
# immigration enforcement, one whose daily budget it may use up, and one to which nothing can be sealed.
_SPECIAL: dict[str, dict[str, Any]] = {
    "police": {
        "recipientClass": "police",
        "nationalAuthorityOf": "XZ",
        "purposes": ["searchLiving", "identifyDeceased", "criminalInvestigation"],
        "parentMinistry": "Fictia Ministry of the Interior",
        "unit": "Fictia Missing Persons Unit",
        "mandates": ["Fictia Missing Persons Act"],
    },
    "rescue": {"recipientClass": "rescue", "purposes": ["searchLiving", "protectLife"]},
    "unmarked": {"noImmigrationEnforcement": False},
    "budget": {},
    _KEYLESS: {},
}


def prepare(
    folder: Path, *, url: str, partner_urls: dict[str, str], anchor_url: str | None = None, **values: Any
) -> Settings:
    """Return the settings of the sandbox in `folder`, made on first use and kept afterwards.

    With `anchor_url` it has chosen an anchor whose key is in the profile, and looks at it all the time.
    """
    if (folder / PROFILE).exists():
        return folders.load(folder, public_url=url)
    looks = {"trust_seconds": 1} if anchor_url else {}
    given = (
        _usual(folder) | looks | {name: value for name, value in values.items() if value not in (None, ())}
    )
    settings = folders.create(folder, environment="sandbox", public_url=url, **given)
    (folder / PROFILE).write_text(_register(settings, partner_urls, anchor_url), "utf-8")
    (folder / PROFILE).chmod(0o600)
    return settings


def _usual(folder: Path) -> dict[str, Any]:
    """Return what a sandbox has unless told otherwise: of each rule a case, so that all of them show.

    Two persons decide on one category, summaries of remains need nobody, and one purpose is not served.
    """
    folder.mkdir(parents=True, exist_ok=True)
    office = folder.absolute() / "office.json"
    office.write_bytes(orjson.dumps(_OFFICE))
    return {
        "contact_email": "office@sandbox.example",
        "partner_searches_per_day": 1000,
        "case_searches_per_day": 40,
        "release_requests_per_day": 800,
        "purposes": tuple(
            name for name in Settings.model_fields["purposes"].get_default() if name != _NOT_SERVED
        ),
        "office_file": office,
    }


def _register(settings: Settings, partner_urls: dict[str, str], anchor_url: str | None) -> str:
    now = instant(settings.clock().now())
    node = {"url": settings.public_url, "node_id": settings.node_id, "environment": settings.environment}
    sections = ['default = "registrar"\n', _section("node", node)]
    with used(settings.database_url, settings.node_id) as engine, transaction(engine) as conn:
        for role in ROLE_ACTIONS:
            client_id, key = new_id("client"), new_signing_jwk()
            clients.register_staff(conn, client_id, roles=(role,), jwks=_public(key), at=now)
            sections.append(_section(f"identity.{role}", {"client_id": client_id, "key": _text(key)}))
        for name, url in {**partner_urls, **dict.fromkeys(_SPECIAL, _NOWHERE)}.items():
            node_id, key, sealed_to = new_id("node"), new_signing_jwk(), new_encryption_jwk()
            keys = [key] if name == _KEYLESS else [key, sealed_to]
            clients.register_partner(conn, _entry(node_id, name, url, *keys), at=now)
            values = {"node_id": node_id, "client_id": node_id, "key": _text(key), "url": url}
            values["encryption_key"] = _text(sealed_to)
            sections.append(_section(f"partner.{name}", values))
        if anchor_url:
            key = new_signing_jwk()
            trust.choose(conn, anchor_url, _public(key), at=now)
            sections.append(_section("anchor", {"url": anchor_url, "key": _text(key)}))
    return "\n".join(sections)


def _entry(node_id: str, name: str, url: str, *keys: dict[str, Any]) -> dict[str, Any]:
    return {
        "nodeId": node_id,
        "name": f"Sandbox partner {name}",
        "url": url,
        "recipientClass": "humanitarian",
        "purposes": _PURPOSES,
        "territories": [],
        "mandates": [],
        "noImmigrationEnforcement": True,
        "jwks": _public(*keys),
        **_SPECIAL.get(name, {}),
    }


def _section(name: str, values: dict[str, str]) -> str:
    # The values hold no apostrophe, so TOML's literal strings need no escaping.
    return f"[{name}]\n" + "".join(f"{key} = '{value}'\n" for key, value in values.items())


def _public(*keys: dict[str, Any]) -> dict[str, Any]:
    return {"keys": [public_jwk(key) for key in keys]}


def _text(key: dict[str, Any]) -> str:
    return orjson.dumps(key).decode()
