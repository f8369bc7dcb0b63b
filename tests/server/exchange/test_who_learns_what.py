"""The table of what a partner learns, over HTTP: class of the partner x purpose x directive x set asked for.

Written by hand and not read from the code. `told` is the set of the hit, `noHit`, `silent`: no hit for the
partner and a task for the holder's staff, or `noToken` and `noAccess`: it may not even ask. `released` is
what a release contains then, once an officer approves everything that was asked for; empty where there is no
hit to name.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from mpex_server.kit.ids import new_id
from mpex_spec import codelist

from tests.databases import Databases
from tests.server.exchange.town import SECTIONS, made, search
from tests.server.records import samples
from tests.server.world import Identity, World, create_schema, new_settings, open_world, partner_entry

Body = dict[str, Any]
PURPOSES = tuple(code for code, row in codelist("purposes").items() if row["prohibited"] == "false")
REFUSED = {
    "noToken": ("invalid_authorization_details", None),
    "noAccess": ("unauthorized_client", "mandateProhibited"),
}
HELD = SECTIONS | {
    "identity": {"nationalities": [{"country": "XX", "basis": "claimed"}]},
    "clothingEffects": {"items": [{"category": "jewellery", "description": "Invented ring"}]},
    "remainsLocation": {"facility": "Morgue of Invention"},
}
IDENTITY = "birth existence identity names summary"


def permit(sets: str, purposes: str = "searchLiving", classes: str = "humanitarian", **members: Any) -> Body:
    return {
        "effect": "permit",
        "purposes": purposes.split(),
        "releaseSets": sets.split(),
        "recipientClasses": classes.split(),
    } | members


def deny(**members: Any) -> Body:
    return {"effect": "deny", "purposes": ["searchLiving"]} | members


class Row(NamedTuple):
    """One row; `subject` is the type of record that is held."""

    recipient: str
    purpose: str
    grants: list[Body]
    asked: str
    told: str
    released: str = ""
    subject: str = "soughtPerson"
    directive: Body = {}  # noqa: RUF012 - a NamedTuple's default, never changed


ALL = " ".join(codelist("recipientClasses"))
TABLE = {
    # The set: never larger than asked for, never larger than permitted.
    "as permitted": Row(
        "humanitarian", "searchLiving", [permit("identity")], "identity", "identity", IDENTITY
    ),
    "asks less": Row(
        "humanitarian", "searchLiving", [permit("identity")], "summary", "summary", "existence summary"
    ),
    "asks more": Row(
        "humanitarian", "searchLiving", [permit("identity")], "searchDetail", "identity", IDENTITY
    ),
    "sets together": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity"), permit("searchDetail")],
        "searchDetail",
        "searchDetail",
        "birth clothingEffects existence identity names physical summary",
    ),
    "purpose narrows the set": Row(
        "humanitarian",
        "notifyFamily",
        [permit("identity contact", "notifyFamily")],
        "identity",
        "summary",
        "existence identity names summary",
    ),
    # The recipient: only the classes, nodes and purposes that a grant names.
    "another class": Row("forensic", "searchLiving", [permit("identity")], "identity", "noHit"),
    "another purpose": Row("humanitarian", "identifyDeceased", [permit("identity")], "identity", "noHit"),
    "no grant": Row("humanitarian", "searchLiving", [deny()], "identity", "noHit"),
    "police without being named": Row("police", "searchLiving", [permit("identity")], "identity", "noHit"),
    "another node named": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity", classes="", recipientIds=[new_id("node")])],
        "identity",
        "noHit",
    ),
    # Times.
    "not yet": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity", notBefore="2027-01-01T00:00:00Z")],
        "identity",
        "noHit",
    ),
    "no longer": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity", expires="2026-11-21T09:00:00Z")],
        "identity",
        "noHit",
    ),
    # Denials, and who is kept out whatever is granted.
    "denied to all": Row("humanitarian", "searchLiving", [permit("identity"), deny()], "identity", "noHit"),
    "denied to others": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity"), deny(recipientClasses=["police"])],
        "identity",
        "identity",
        IDENTITY,
    ),
    "a category denied": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity"), deny(categories=["birth"])],
        "identity",
        "summary",
        "existence identity names summary",
    ),
    "class kept out": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity", classes=ALL)],
        "identity",
        "noHit",
        directive={"doNotShareWith": [{"recipientClass": "humanitarian"}]},
    ),
    "another class kept out": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity", classes=ALL)],
        "identity",
        "identity",
        IDENTITY,
        directive={"doNotShareWith": [{"recipientClass": "police"}]},
    ),
    # Authorities.
    "consulate of the person's country": Row(
        "consular", "searchLiving", [permit("identity", classes=ALL)], "identity", "noHit"
    ),
    "consulate and the dead": Row(
        "consular",
        "repatriation",
        [permit("identity", "repatriation", "consular")],
        "summary",
        "summary",
        "existence summary",
        subject="remainsUnit",
    ),
    "crime by a general grant": Row(
        "judicial", "criminalInvestigation", [permit("identity", classes=ALL)], "identity", "noHit"
    ),
    "crime by its own grant": Row(
        "judicial",
        "criminalInvestigation",
        [permit("identity", "criminalInvestigation", "judicial")],
        "identity",
        "identity",
        IDENTITY,
    ),
    # Emergencies: rescue and health services only.
    "life, health service": Row(
        "health", "protectLife", [permit("searchDetail", "protectLife", ALL)], "summary", "noHit"
    ),
    "life, charity": Row(
        "humanitarian", "protectLife", [permit("summary", "protectLife", ALL)], "summary", "noToken"
    ),
    # Remains: the forensic set has no names, and a search for the living receives no forensic facts.
    "remains": Row(
        "forensic",
        "identifyDeceased",
        [permit("forensic identity", "identifyDeceased", "forensic")],
        "forensic",
        "forensic",
        "clothingEffects existence physical remainsLocation summary",
        subject="remainsUnit",
    ),
    "remains, for the living": Row(
        "humanitarian",
        "searchLiving",
        [permit("forensic identity")],
        "forensic",
        "summary",
        "clothingEffects existence physical summary",
        subject="remainsUnit",
    ),
    # The living decide for themselves; partners that may not be told are not even put to them.
    "living": Row(
        "humanitarian", "searchLiving", [permit("identity")], "identity", "silent", subject="foundAlive"
    ),
    "living, nameless": Row(
        "humanitarian",
        "searchLiving",
        [permit("identity")],
        "identity",
        "silent",
        subject="unidentifiedLiving",
    ),
    "living, another class": Row(
        "police", "searchLiving", [permit("identity")], "identity", "noHit", subject="foundAlive"
    ),
    # No class of authority receives anything unless a grant names it.
    "border authority unnamed": Row(
        "borderAuthority", "searchLiving", [permit("identity")], "identity", "noHit"
    ),
    # Not even as an entry that is known: one from before this was refused, or written by hand (TRUST-031).
    "immigration authority": Row(
        "immigrationAuthority", "searchLiving", [permit("identity")], "identity", "noAccess"
    ),
    # Every other purpose: its own categories of what was permitted, and no others.
    "reunification": Row(
        "humanitarian",
        "familyReunification",
        [permit("searchDetail", "familyReunification")],
        "searchDetail",
        "identity",
        IDENTITY,
    ),
    # What may be told does not suffice to find by (SRCH-010).
    "support": Row("humanitarian", "familySupport", [permit("contact", "familySupport")], "contact", "noHit"),
    "contact": Row(
        "humanitarian",
        "notifyFamily",
        [permit("identity contact", "notifyFamily")],
        "contact",
        "contact",
        "contact existence summary",
    ),
    "existence": Row(
        "humanitarian", "searchLiving", [permit("identity")], "existence", "existence", "existence"
    ),
    "child protection": Row(
        "childProtection",
        "childProtection",
        [permit("identity", "childProtection", "childProtection")],
        "identity",
        "identity",
        IDENTITY,
    ),
    "statistics": Row(
        "other", "statistics", [permit("identity", "statistics", "other")], "identity", "noHit"
    ),
    "rescue": Row(
        "rescue", "protectLife", [permit("existence", "protectLife", "rescue")], "summary", "noHit"
    ),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def holder(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A node with a partner of each class, the consulate of XX among them; every row shares it."""
    url = databases.fresh(request.param, create_schema)
    world = open_world(new_settings(tmp_path_factory.mktemp("holder"), url))
    for name in codelist("recipientClasses"):
        world.identities[name] = Identity(new_id("node"))
        national = {"nationalAuthorityOf": "XX"} if name == "consular" else {}
        world.register(
            partner_entry(world.identities[name], recipientClass=name, purposes=list(PURPOSES), **national)
        )
    yield world
    world.close()
    databases.drop(url)


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_the_table(holder: World, row: Row) -> None:
    held = _hold(holder, row)
    try:
        if row.told in REFUSED:
            asked = holder.token_response(row.recipient, purpose=row.purpose, actions=["searches:create"])
            said = asked.json()
            assert (asked.status_code, said["error"], said.get("trust_fault")) == (400, *REFUSED[row.told])
            return
        answer = made(
            holder.call(row.recipient, "POST", "/v1/searches", _asks(row), purpose=row.purpose), 200
        )
        told = [hit["returnedSet"] for hit in answer["hits"]] or [answer["outcome"]]
        assert told == ["noHit" if row.told == "silent" else row.told]
        assert _put_to(holder, held) is (row.told == "silent")
        if answer["hits"]:
            assert _released(holder, row, answer["hits"][0]["reference"]) == row.released.split()
    finally:
        _put_aside(holder, held)


def test_the_table_has_each_class_of_partner_and_each_kind_of_answer() -> None:
    assert {row.recipient for row in TABLE.values()} == codelist("recipientClasses").keys()
    assert {row.purpose for row in TABLE.values()} == set(PURPOSES)
    assert {row.told for row in TABLE.values()} == {"noHit", "silent", *REFUSED} | codelist(
        "releaseSets"
    ).keys()


def _hold(holder: World, row: Row) -> str:
    body = samples.directive(grants=row.grants, **row.directive)
    directive = made(holder.call("registrar", "POST", "/v1/directives", body))["directiveId"]
    entries = [samples.contribution(sections=HELD, directive=directive)]
    if row.subject == "remainsUnit":
        unit = samples.remains_unit(contributions=entries)
        return str(made(holder.call("registrar", "POST", "/v1/remains", unit))["recordId"])
    person = samples.person(type=row.subject, contributions=entries)
    return str(made(holder.call("registrar", "POST", "/v1/persons", person))["recordId"])


def _asks(row: Row) -> Body:
    return search(purpose=row.purpose, releaseSet=row.asked)


def _put_to(holder: World, held: str) -> bool:
    """Tell whether the staff are asked to put a search to the person."""
    tasks = made(holder.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    return [task["kind"] for task in tasks if task["subject"] == held] == ["silentHit"]


def _released(holder: World, row: Row, reference: str) -> list[str]:
    """Ask for the set, let the officer approve it whole, collect; return the categories that came."""
    ask = {name: _asks(row)[name] for name in ("caseReference", "purpose", "legalBasis", "releaseSet")}
    ask |= {"hitReference": reference, "reason": "The description fits."}

    def call(who: str, method: str, path: str, body: Body | None = None, status: int = 200) -> Body:
        return made(holder.call(who, method, path, body, purpose=row.purpose), status)

    asked = call(row.recipient, "POST", "/v1/release-requests", ask, 202)["releaseRequestId"]
    call("releaseOfficer", "POST", f"/v1/release-cases/{asked}/decision", {"decision": "approve"})
    return sorted(call(row.recipient, "GET", f"/v1/release-requests/{asked}/release")["disclosures"])


def _put_aside(holder: World, held: str) -> None:
    """Restrict the record, so that the next row finds nothing of this one."""
    path = f"/v1/{'remains' if held.startswith('remains') else 'persons'}/{held}"
    current = holder.call("registrar", "GET", path)
    changed = current.json() | {"status": "restricted"}
    made(holder.call("registrar", "PUT", path, changed, match=current.headers["etag"]), 200)
