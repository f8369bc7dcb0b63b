"""Commands between people and between nodes against a real sandbox node: enquirers, groups, messages."""

import json
from pathlib import Path
from typing import Any

import pytest
from mpex_client import Client, Profile
from mpex_client.cli import app
from mpex_client.ids import new_id
from typer.testing import CliRunner, Result

from tests.client.test_client_cli_sandbox import DIRECTIVE, search

LIST = """row,name,sex,age_min,age_max,age_as_of,source,certainty
1,Qwertia Zxcvbnova,female,91,92,2026,coTraveller,stated
2,Testa Nowhereova Muestra,,,,,coTraveller,presumed
3,,,,,,coTraveller,stated
"""


def mpex(profile: Path, *arguments: str, body: Any = None, code: int = 0) -> Result:
    text = json.dumps(body) if body is not None else ""
    result = CliRunner().invoke(app, ["--profile", str(profile), *arguments], input=text)
    assert result.exit_code == code, (arguments, result.output)
    return result


def told(profile: Path, *arguments: str, body: Any = None, code: int = 0) -> Any:
    return json.loads(mpex(profile, "--json", *arguments, body=body, code=code).stdout)


@pytest.fixture
def partner(sandbox: Path) -> str:
    return str(Profile.load(sandbox).entries["partner.one"]["node_id"])


def test_a_boat_list_is_registered_searched_and_erased(sandbox: Path, tmp_path: Path) -> None:
    group = told(sandbox, "register", "group", "-", body={"type": "boat"})["groupId"]
    file = tmp_path / "boat.csv"
    file.write_text(LIST, encoding="utf-8")
    first = mpex(sandbox, "groups", "import", group, str(file), code=3).stdout
    assert "3 rows: 2 created, 0 updated, 0 unchanged, 1 rejected" in first
    assert "row 3: /mention is required" in first
    again = told(sandbox, "groups", "import", group, str(file), code=3)
    assert [entry["outcome"] for entry in again] == ["unchanged", "unchanged", "rejected"]
    assert "row 1: 0 possible here" in mpex(sandbox, "groups", "search", group).stdout
    mpex(sandbox, "groups", "erase", group, again[0]["memberId"])
    assert [entry["row"] for entry in told(sandbox, "groups", "members", group)] == ["2"]


def test_an_enquirer_is_found_again_and_contacted_without_harm(sandbox: Path) -> None:
    person: dict[str, Any] = {
        "type": "soughtPerson",
        "status": "open",
        "legalBasis": "consent",
        "contactOffice": {"organisation": "Office of Invented Cases"},
        "nameUnknown": True,
        "synthetic": True,
        "contributions": [
            {
                "contributor": "c",
                "assertedAt": "2026-11-01T08:00:00Z",
                "sections": {"summary": {"sex": "female"}},
            }
        ],
    }
    account = person["contributions"][0] | {"sections": {"contact": {"leaveNoMessage": True}}}
    reachable = person | {"contributions": [account]}
    found = told(sandbox, "register", "person", "-", body=reachable)["recordId"]
    safe = mpex(sandbox, "enquirers", "contact", found, "--channel", "phone").stdout
    assert safe.startswith("Safe now. contact:")
    assert safe.endswith("Leave no message\n")
    request = {
        "person": told(sandbox, "register", "person", "-", body=person)["recordId"],
        "status": "open",
        "enquirer": {"role": "friend", "pseudonym": "Blue heron"},
        "collectionPoint": {"type": "mobile"},
        "safeContact": {"channel": "servicePoint", "wordsToAvoid": "police"},
    }
    name = told(sandbox, "register", "request", "-", body=request)["requestId"]
    code = mpex(sandbox, "enquirers", "code", name).stdout.strip()
    found = mpex(sandbox, "enquirers", "recover", "--code", code).stdout
    assert f"{name}  open" in found
    assert "Words to avoid: police" in found
    mpex(sandbox, "enquirers", "recover", "--code", code, code=1)
    mpex(sandbox, "enquirers", "contact", name, "--channel", "phone", code=1)
    reason = ("--reason", "The hospital asks.")
    broken = mpex(sandbox, "enquirers", "contact", name, "--channel", "phone", *reason).stdout
    assert broken.startswith("Breaks a rule")
    decided = ("--asks-only", "--decided", "Example Youth Office", "She was assessed.")
    mpex(sandbox, "enquirers", "contact", name, "--channel", "servicePoint", *decided)


def test_partners_are_asked_and_written_to(sandbox: Path, partner: str) -> None:
    body = {"to": partner, "purpose": "searchLiving", "caseReference": "case-9", "language": "fr"}
    body |= {"text": "Elle attend un appel."}
    asked = body | {"type": "visitFamily", "legalBasis": "consent"}
    assert mpex(sandbox, "assistance", "send", "-", body=asked).stdout.startswith("Sent assistance:")
    assert "visitFamily  sent  case case-9" in mpex(sandbox, "assistance", "list").stdout
    message = told(sandbox, "messages", "send", "-", body=body)["messageId"]
    assert "[fr] Elle attend un appel." in mpex(sandbox, "messages", "list").stdout
    assert mpex(sandbox, "messages", "recall", message).stdout == f"Recalled {message}.\n"
    assert mpex(sandbox, "custody", "list").stdout == "No transfers.\n"


def test_a_death_is_identified_told_and_doubted(sandbox: Path) -> None:
    person = {
        "type": "soughtPerson",
        "status": "open",
        "legalBasis": "consent",
        "contactOffice": {"organisation": "Office of Invented Cases"},
        "nameUnknown": True,
        "synthetic": True,
        "contributions": [
            {
                "contributor": "c",
                "assertedAt": "2026-11-01T08:00:00Z",
                "sections": {"summary": {"sex": "female"}},
            }
        ],
    }
    record = told(sandbox, "register", "person", "-", body=person)["recordId"]
    decided = {
        "persons": [record],
        "methods": ["dna"],
        "evidence": ["invented report"],
        "competentAuthority": "Invented Court",
        "state": "confirmed",
        "conclusion": "deceased",
        "decidedAt": "2026-11-01T08:00:00Z",
    }
    name = told(sandbox, "identifications", "record", "-", body=decided)["identificationId"]
    assert f"{name}  deceased  confirmed  UNDER EMBARGO" in mpex(sandbox, "identifications", "list").stdout
    notice: dict[str, Any] = {"at": "2026-11-02T08:00:00Z", "notifier": "nurse", "personTold": "sibling"}
    notice |= {"language": "fr", "inPerson": True}
    ended = mpex(sandbox, "identifications", "notify", name, "-", body=notice).stdout
    assert ended == f"{name}  deceased  confirmed\n"
    mpex(sandbox, "identifications", "lift", name, "--officer", "X", "--reason", "None left.", code=1)
    assert mpex(sandbox, "identifications", "proposals").stdout == "Nothing was proposed.\n"
    doubt = told(sandbox, "identity-errors", "report", record, "--reason", "He called.")["identityErrorId"]
    answer = ("identity-errors", "answer", doubt, "refuted", "--text", "Two laboratories agree.")
    assert mpex(sandbox, *answer).stdout == f"{doubt}  refuted  {record}\n"
    assert f"{doubt}  refuted" in mpex(sandbox, "identity-errors", "list").stdout
    mpex(sandbox, "tasks", "--outcomes")


def test_an_erasure_is_taken_revoked_and_not_confirmed_at_once(sandbox: Path) -> None:
    entry: dict[str, Any] = {
        "contributor": "c",
        "assertedAt": "2026-11-01T08:00:00Z",
        "sections": {"summary": {}},
    }
    person = {
        "type": "soughtPerson",
        "status": "open",
        "legalBasis": "consent",
        "contactOffice": {"organisation": "Office of Invented Cases"},
        "nameUnknown": True,
        "synthetic": True,
        "contributions": [entry],
    }
    record = told(sandbox, "register", "person", "-", body=person)["recordId"]
    proof, talk, by = ("--proof", "document"), ("--coercion", "noSign"), ("--by", "desk-7")
    asked = told(sandbox, "erasures", "request", record, "--asker", "person", *proof, *talk, *by)
    name = asked["erasureId"]
    assert f"{name}  waiting  {record}" in mpex(sandbox, "erasures", "list").stdout
    mpex(sandbox, "erasures", "confirm", name, *talk, *by, code=1)
    assert "Nobody else had anything." in mpex(sandbox, "access-report", name).stdout
    assert "  revoked  " in mpex(sandbox, "erasures", "revoke", name, *proof, *by).stdout


def test_a_located_person_chooses_and_every_change_is_told(sandbox: Path) -> None:
    name = {"text": "Testa Elegida Inventada", "script": "Latn"}
    said = {"names": {"names": [name]}, "birth": {"date": "1980-01-01"}}
    living = {
        "type": "foundAlive",
        "status": "open",
        "legalBasis": "consent",
        "contactOffice": {"organisation": "Office of Invented Cases"},
        "synthetic": True,
        "contributions": [
            {
                "contributor": "c",
                "assertedAt": "2026-11-01T08:00:00Z",
                "directive": told(sandbox, "register", "directive", "-", body=DIRECTIVE)["directiveId"],
                "sections": said,
            }
        ],
    }
    record = told(sandbox, "register", "person", "-", body=living)["recordId"]
    asked = search(searchId=new_id("search"), query=said)
    one = Profile.load(sandbox).identity("partner.one")
    with Client(one, purpose="searchLiving", legal_basis="consent") as partner:
        assert partner.searches.create(asked)["outcome"] == "noHit"
    (task,) = [item["taskId"] for item in told(sandbox, "tasks") if item["subject"] == record]
    mpex(sandbox, "persons", "choice", record, "aliveOnly", "--ground", "child", code=1)
    assert (
        mpex(sandbox, "persons", "choice", record, "nothing", "--task", task).stdout
        == "May be told: nothing.\n"
    )
    assert '"type": "foundAlive"' in mpex(sandbox, "persons", "show", record).stdout
    assert mpex(sandbox, "persons", "changes", record).stdout == "Never changed.\n"
