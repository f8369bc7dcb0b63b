"""Every command of `mpex` against a real sandbox node: a process of its own on loopback."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from mpex_client import Client, Profile
from mpex_client.cli import app
from mpex_client.ids import new_id
from typer.testing import CliRunner, Result

from tests.client.conftest import running_sandbox
from tests.databases import Databases
from tests.server.world import create_schema

Mpex = Callable[..., Result]
SECTIONS = {
    "summary": {"sex": "female", "age": {"min": 20, "max": 24, "asOf": "2026-01-01"}},
    "names": {"names": [{"text": "Fictia Examplová Inventada", "script": "Latn"}]},
    "birth": {"date": "2003-04-05"},
}
DIRECTIVE = {
    "legalBasis": "consent",
    "dataSubject": "soughtPerson",
    "givenBy": {"authority": "enquirer", "relationship": "sibling"},
    "givenAt": "2026-11-01T08:00:00Z",
    "method": "oral",
    "grants": [
        {
            "effect": "permit",
            "purposes": ["searchLiving"],
            "releaseSets": ["identity"],
            "recipientClasses": ["humanitarian"],
        }
    ],
}
STATISTICS = {
    "legalBasis": "publicInterest",
    "dataSubject": "incident",
    "givenBy": {"authority": "institution"},
    "givenAt": "2026-01-01T00:00:00Z",
    "method": "institutional",
    "grants": [{"effect": "permit", "purposes": ["statistics"]}],
}
CAUSES = {
    "Drowning": "drowning",
    "Vehicle accident / death linked to hazardous transport": "vehicleAccident",
    "Harsh environmental conditions / lack of adequate shelter, food, water": "harshConditions",
    "Violence": "violence",
    "Sickness / lack of access to adequate healthcare": "sickness",
    "Accidental death": "accidentalDeath",
    "Mixed or unknown": "mixedOrUnknown",
}
_IDENTIFIER = re.compile(r"\b([a-z][A-Za-z]+):[a-z2-7]{26}\b")


@pytest.fixture(scope="module")
def mpex(sandbox: Path) -> Mpex:
    """Runs `mpex` with the sandbox's profile."""
    return mpex_of(sandbox)


def mpex_of(profile: Path) -> Mpex:
    """Return what runs `mpex` with a profile; a body is given as standard input."""

    def run(*arguments: str, body: Any = None, code: int = 0) -> Result:
        text = json.dumps(body) if body is not None else ""
        result = CliRunner().invoke(app, ["--profile", str(profile), *arguments], input=text)
        assert result.exit_code == code, (arguments, result.output)
        return result

    return run


def told(mpex: Mpex, *arguments: str, body: Any = None) -> Any:
    return json.loads(mpex("--json", *arguments, body=body).stdout)


def masked(text: str) -> str:
    return _IDENTIFIER.sub(r"\1:…", text)


@pytest.fixture(scope="module")
def case(mpex: Mpex) -> dict[str, str]:
    """A sought person under a directive, and the request of a relative."""
    directive = told(mpex, "register", "directive", "-", body=DIRECTIVE)["directiveId"]
    entry = {"contributor": "family-1", "assertedAt": "2026-11-01T08:00:00Z", "directive": directive}
    person = {
        "type": "soughtPerson",
        "status": "open",
        "legalBasis": "consent",
        "contactOffice": {"organisation": "Office of Invented Cases"},
        "synthetic": True,
        "contributions": [entry | {"sections": SECTIONS}],
    }
    record = told(mpex, "register", "person", "-", body=person)["recordId"]
    request = {
        "person": record,
        "status": "open",
        "enquirer": {"role": "family", "relationship": "sibling", "name": {"text": "تجربة مثالية"}},
        "collectionPoint": {"type": "mobile", "name": "Tent of the tests"},
        "directives": [directive],
    }
    made = told(mpex, "register", "request", "-", body=request)["requestId"]
    return {"directive": directive, "person": record, "request": made}


def search(**members: Any) -> dict[str, Any]:
    return {
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "query": SECTIONS,
    } | members


def asked_of(sandbox: Path, case: dict[str, str]) -> dict[str, Any]:
    """A partner search that asks partner one, whose node does not run."""
    return {
        "person": case["person"],
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-2",
        "releaseSet": "identity",
        "partners": [Profile.load(sandbox).entries["partner.one"]["node_id"]],
    }


@pytest.fixture(scope="module")
def pending(sandbox: Path, case: dict[str, str]) -> str:
    """A release request of partner one that waits for a decision."""
    assert case
    body = {
        "caseReference": "case-1",
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "releaseSet": "identity",
        "reason": "A relative asks.",
    }
    with Client(
        Profile.load(sandbox).identity("partner.one"), purpose="searchLiving", legal_basis="consent"
    ) as one:
        [hit] = one.searches.create(search(searchId=new_id("search")))["hits"]
        asked = body | {"hitReference": hit["reference"]}
        return str(one.release_requests.create(asked)["releaseRequestId"])


def test_profiles_and_doctor(mpex: Mpex) -> None:
    shown = masked(mpex("profiles").stdout).splitlines()
    assert shown[1] == "* registrar  client:…"
    assert "  partner.two  node:…" in shown
    lines = mpex("doctor").stdout.splitlines()
    assert [line[:3] for line in lines] == ["ok "] * 3
    for role in ("caseWorker", "releaseOfficer", "auditor", "administrator"):
        assert f"as {role}: a token was issued" in mpex("--as", role, "doctor").stdout


def test_remains_are_registered_divided_and_put_together(mpex: Mpex) -> None:
    hand = {"region": "hand", "side": "left", "description": "with a ring"}
    unit = {
        "type": "remainsUnit",
        "status": "open",
        "legalBasis": "publicInterest",
        "contactOffice": {"organisation": "Office of Invented Cases"},
        "synthetic": True,
        "parts": [hand, {"region": "thigh"}],
        "contributions": [
            {
                "contributor": "desk-7",
                "assertedAt": "2026-11-20T08:00:00Z",
                "sections": {
                    "journey": {"points": [{"type": "found", "place": {"name": "Playa Inventada"}}]}
                },
            }
        ],
    }
    stored = mpex("register", "remains", "-", body=unit).stdout
    assert masked(stored) == "Stored remains:…, version 1.\n"
    whole = str(stored.split()[1].rstrip(","))
    asked = {"reason": "sampling", "units": [{"parts": [hand]}]}
    made = mpex("remains", "split", whole, "-", body=asked).stdout
    assert masked(made) == "Made remains:… of parts of remains:….\n"
    piece = str(made.split()[1])
    lines = masked(mpex("remains", "show", piece).stdout).splitlines()
    assert lines[:3] == ["remains:…  open  version 1", "  1 left hand with a ring", "  splitFrom: remains:…"]
    assert "separated" in lines[3]
    assert mpex("remains", "find", "--facility", "Invented Morgue").stdout == "No unit fits.\n"
    mpex("remains", "find", code=2)
    case = mpex("remains", "teeth", piece, "person:" + "a" * 26, code=1)
    assert "Not found" in case.stderr
    merged = mpex("remains", "merge", whole, piece, "--reason", "genetic").stdout
    assert masked(merged) == "remains:… took up remains:….\n"


def test_samples_are_registered_and_compared(mpex: Mpex, case: dict[str, str]) -> None:
    sample = {"donor": "donor-17", "person": case["person"], "claimedRelationship": "sister"}
    stored = mpex("register", "sample", "-", body=sample | {"locusSet": "ess12"}).stdout
    assert masked(stored) == "Stored sample:…, version 1.\n"
    assert masked(mpex("samples", "list").stdout) == "sample:…  sister  person:…  ess12\n"
    references = [{"kind": "direct", "laboratoryCode": "EX-7", "locusSet": "codis20"}]
    unit = {
        "type": "remainsUnit",
        "status": "open",
        "legalBasis": "publicInterest",
        "contactOffice": {"organisation": "Office of Invented Cases"},
        "contributions": [
            {
                "contributor": "desk-7",
                "assertedAt": "2026-11-20T08:00:00Z",
                "sections": {"dna": {"references": references}},
            }
        ],
    }
    held = mpex("register", "remains", "-", body=unit).stdout.split()[1].rstrip(",")
    name = stored.split()[1].rstrip(",")
    assert mpex("samples", "compare", name, held).stdout == "EX-7  codis20  12 shared loci\n"


def test_a_search_of_the_own_node_names_the_record_and_no_value(mpex: Mpex, case: dict[str, str]) -> None:
    hit = mpex("search", "-", body=search()).stdout
    # Other tests of the session may have registered more of the same name.
    assert re.match(r"Possible hits: [1-9]\d*\n- ", hit)
    assert case["person"] in hit
    assert "Fictia" not in hit
    nobody = {"names": {"names": [{"text": "Nemo Nullius"}]}, "birth": {"date": "1950"}}
    assert mpex("search", "-", body=search(query=nobody)).stdout.startswith("No hit.")


def test_a_prohibited_purpose_is_refused_in_plain_words(mpex: Mpex) -> None:
    result = mpex("search", "-", body=search(purpose="borderControl"), code=1)
    assert result.stderr.splitlines()[0] == "mpex: the token endpoint refused: invalid_authorization_details"
    assert "prohibited" in result.stderr


def test_the_wrong_role_is_refused_in_plain_words(mpex: Mpex) -> None:
    result = mpex("--as", "auditor", "register", "directive", "-", body=DIRECTIVE, code=1)
    assert "choose another with --as" in result.stderr


def test_a_partner_that_does_not_answer_is_told(mpex: Mpex, sandbox: Path, case: dict[str, str]) -> None:
    body = asked_of(sandbox, case)
    shown = mpex("partner-search", "-", body=body).stdout
    assert f"{body['partners'][0]}: unreachable" in shown


def test_a_plan_tells_in_words_why_a_partner_fits(mpex: Mpex, sandbox: Path, case: dict[str, str]) -> None:
    body = asked_of(sandbox, case)
    (partner,) = body.pop("partners")
    shown = mpex("partner-search", "--plan", "-", body=body).stdout
    assert f"{partner}: would be sent " in shown
    assert "  Purpose in its mandate: The registry gives the partner this purpose.\n" in shown
    assert "mpex: " in mpex("partner-search", "-", body=body, code=1).stderr


def test_a_release_request_is_listed_shown_and_decided(mpex: Mpex, pending: str, tmp_path: Path) -> None:
    assert pending in mpex("release-requests", "list", "--state", "pending").stdout
    shown = mpex("release-requests", "show", pending).stdout
    assert re.search(r"^purpose +searchLiving$", shown, re.MULTILINE)
    assert re.search(r"^permitted +.*names", shown, re.MULTILINE)
    assert pending in mpex("tasks").stdout
    assert pending in mpex("tasks", "--role", "releaseOfficer", "--ics", str(tmp_path / "due.ics")).stdout
    due = Calendar.from_ical((tmp_path / "due.ics").read_bytes()).events
    (waiting,) = (
        item for item in told(mpex, "tasks", "--kind", "releaseRequest") if item["subject"] == pending
    )
    assert waiting["taskId"] in [event["uid"] for event in due]
    assert "ends with the act" in mpex("tasks", "done", waiting["taskId"], code=1).stderr
    reduced = ("release-requests", "decide", pending, "approveReduced", "--category", "names")
    assert mpex(*reduced).stdout == f"{pending} is approvedReduced; released: names.\n"
    again = mpex("release-requests", "decide", pending, "refuse", "--cause", "notNeeded", code=1)
    assert again.stderr.startswith("mpex: ")
    assert "422 schemaViolation" in mpex("release-requests", "decide", pending, "refuse", code=1).stderr


def test_a_family_reads_who_had_what(mpex: Mpex, sandbox: Path, case: dict[str, str]) -> None:
    mpex("partner-search", "-", body=asked_of(sandbox, case))
    report = mpex("access-report", case["request"]).stdout
    assert masked(report).startswith("Access report of request:…, ")
    assert "  query  searchLiving  " in report


def test_a_directive_is_withdrawn_for_a_purpose_and_as_a_whole(mpex: Mpex) -> None:
    made = told(mpex, "register", "directive", "-", body=DIRECTIVE)["directiveId"]
    assert mpex("withdraw", made, "--purpose", "searchLiving").stdout.startswith(
        f"Withdrawn for searchLiving: {made}."
    )
    assert mpex("withdraw", made).stdout.startswith(f"Withdrawn for all purposes: {made}.")
    assert len(told(mpex, "withdraw", made)["withdrawals"]) == 3


def test_a_directive_that_stands_is_reviewed_with_a_reason(mpex: Mpex) -> None:
    made = told(mpex, "register", "directive", "-", body=DIRECTIVE)["directiveId"]
    done = told(mpex, "directives", "review", made, "--due", "2099", "--reason", "She says yes.")
    assert (done["reviewDue"], done["reviews"][0]["reason"]) == ("2099", "She says yes.")
    refused = mpex("directives", "review", made, "--due", "2000", "--reason", "She says yes.", code=1)
    assert "422 ruleViolation" in refused.stderr


def test_a_directive_of_the_dead_is_frozen_and_succeeded(mpex: Mpex) -> None:
    dead, heir = (told(mpex, "register", "directive", "-", body=DIRECTIVE)["directiveId"] for _ in range(2))
    assert mpex("directives", "freeze", dead).stdout.startswith(f"Frozen: {dead}.")
    assert "409 conflict" in mpex("directives", "freeze", dead, code=1).stderr
    done = mpex("directives", "succeed", dead, heir)
    assert done.stdout == f"From now on {heir} speaks in the place of {dead}.\n"


def test_an_outbox_is_flushed_to_the_node(mpex: Mpex, tmp_path: Path) -> None:
    outbox = str(tmp_path / "out.db")
    kept = told(mpex, "register", "directive", "-", "--outbox", outbox, body=DIRECTIVE)["directiveId"]
    assert mpex("outbox", "flush", outbox).stdout == "1 sent, 0 refused or expired, 0 waiting.\n"
    assert mpex("outbox", "list", outbox).stdout == "The outbox is empty.\n"
    assert told(mpex, "withdraw", kept)["directiveId"] == kept


def test_the_log_is_verified_twice(mpex: Mpex, case: dict[str, str], tmp_path: Path) -> None:
    assert case
    keep = str(tmp_path / "checkpoint")
    assert "kept as the first checkpoint seen" in mpex("log", "verify", "--keep", keep).stdout
    assert "entries seen before." in mpex("log", "verify", "--keep", keep).stdout


def coded(causes: str) -> str:
    for text, code in CAUSES.items():
        causes = causes.replace(text, code)
    return causes.replace(",", "+")


def sums(rows: list[dict[str, str]], column: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        numbers = [0 if row[name] == "NA" else int(row[name]) for name in ("No. dead", "No. missing")]
        old = found.setdefault(row[column], [0, 0, 0])
        found[row[column]] = [old[0] + 1, old[1] + numbers[0], old[2] + numbers[1]]
    return found


def totals(incidents: list[dict[str, Any]], name: Callable[[dict[str, Any]], str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for each in incidents:
        old, counts = found.setdefault(name(each), [0, 0, 0]), each["counts"]
        numbers = [counts.get("dead", 0), counts.get("missingMinimum", 0)]
        found[name(each)] = [old[0] + 1, old[1] + numbers[0], old[2] + numbers[1]]
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Mpex]:
    """Runs `mpex` against a sandbox of its own that holds nothing, on each kind of database."""
    url = databases.fresh(request.param, create_schema)
    with running_sandbox(tmp_path / "node", url) as profile:
        yield mpex_of(profile)
    databases.drop(url)


def test_the_real_file_is_imported_whole_and_a_second_time_changes_nothing(
    empty: Mpex, shared_data: Path, tmp_path: Path
) -> None:
    """What the node gives back, and not the importer's own report, is summed and compared with the file."""
    mpex = empty
    path = shared_data / "mmp" / "iom_europe_2014_2026.csv"
    (tmp_path / "directive.json").write_text(json.dumps(STATISTICS), encoding="utf-8")
    command = ("import", "mmp", str(path), "--directive", str(tmp_path / "directive.json"))
    first = mpex(*command, "--report", str(tmp_path / "first.json")).stdout.splitlines()
    assert first[0] == "6802 rows: 6369 accepted, 433 warned, 0 rejected"
    assert first[1] == "Stored: 6802 created, 0 updated, 0 unchanged"
    second = mpex(*command, "--report", str(tmp_path / "second.json")).stdout.splitlines()
    assert second[1] == "Stored: 0 created, 0 updated, 6802 unchanged"
    reports = [json.loads((tmp_path / f"{name}.json").read_text()) for name in ("first", "second")]
    assert reports[0]["totals"] == reports[1]["totals"]
    assert reports[0]["directive"] == reports[1]["directive"]
    assert len(reports[0]["rows"]) == sum(reports[0]["outcomes"].values()) == 6802
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = mpex("export", "incidents", "--format", "ndjson").stdout.splitlines()
    exported = [json.loads(line) for line in lines]
    assert len(exported) == len({each["incidentId"] for each in exported}) == 6802
    by_cause = {coded(text): each for text, each in sums(rows, "Cause of death (category)").items()}
    by_year = sums(rows, "Incident year")
    assert totals(exported, lambda each: str(each["date"])[:4]) == by_year
    assert totals(exported, lambda each: "+".join(each["causes"])) == by_cause
    reported = {
        name: {key: [each["incidents"], each["dead"], each["missing"]] for key, each in group.items()}
        for name, group in reports[0]["totals"].items()
        if name != "all"
    }
    assert reported == {"byYear": by_year, "byCause": by_cause}
