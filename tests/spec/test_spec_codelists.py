"""Codelists serve their readers: four languages, real files, and the tables that programs repeat."""

import csv
import unicodedata
from pathlib import Path

import pytest
from mpex_spec import access, codelist, openapi, root, schema
from mpex_spec.access_table import PARTNERS
from mpex_spec.files import Spec
from mpex_spec.lint.interface import operations

LISTS = sorted(Spec(root()).codelists)
SAME_IN_EVERY_SCRIPT = {"dnaLocusSets", "storageEngines", "toothNotations"}
FILE = Path("mmp") / "iom_europe_2014_2026.csv"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_complete_in_four_languages(name: str) -> None:
    for code, row in codelist(name).items():
        for column in ("title", "title_fr", "title_es", "title_ar"):
            assert row[column].strip(), f"{name}/{code} has no {column}"


@pytest.mark.parametrize("name", sorted(set(LISTS) - SAME_IN_EVERY_SCRIPT))
def test_arabic_titles_are_in_arabic(name: str) -> None:
    for code, row in codelist(name).items():
        letters = [unicodedata.name(letter, "") for letter in row["title_ar"] if letter.isalpha()]
        assert any("ARABIC" in letter for letter in letters), f"{name}/{code}"


def test_purposes_receive_categories_only_if_they_are_not_prohibited() -> None:
    for code, row in codelist("purposes").items():
        assert (row["prohibited"] == "true") == (not row["categories"]), code
        assert set(row["categories"].split()) <= set(codelist("categories")), code


@pytest.mark.parametrize(
    ("name", "member"), [("purposes", "mandatedPurpose"), ("recipientClasses", "mandatedClass")]
)
def test_a_mandate_names_nothing_that_is_prohibited(name: str, member: str) -> None:
    refused = schema("common")["$defs"][member]["not"]["enum"]
    prohibited = [code for code, row in codelist(name).items() if row["prohibited"] == "true"]
    assert refused == prohibited
    assert prohibited


def test_release_sets_name_categories() -> None:
    for code, row in codelist("releaseSets").items():
        assert set(row["categories"].split()) <= set(codelist("categories")), code


def test_the_contact_set_holds_nothing_forensic_and_the_forensic_set_no_names() -> None:
    contact = set(codelist("releaseSets")["contact"]["categories"].split())
    forensic = set(codelist("releaseSets")["forensic"]["categories"].split())
    assert not contact & {"dna", "dental", "fingerprints", "medical"}
    assert not forensic & {"names", "identity", "contact", "informant"}


def test_no_category_of_a_body_or_of_a_weakness_is_less_than_restricted() -> None:
    for code in ("medical", "dental", "fingerprints", "dna", "photo", "vulnerability", "contact"):
        assert codelist("categories")[code]["sensitivity"] == "restricted"


def test_problem_types_have_statuses_that_operations_document() -> None:
    documented = {status for _, _, operation in operations(openapi()) for status in operation["responses"]}
    beyond_operations = {"404", "405", "406", "428", "429", "500", "503"}
    for code, row in codelist("problemTypes").items():
        assert row["httpStatus"] in documented | beyond_operations, code
        assert row["remedy"], code


def test_partners_may_take_no_action_that_reads_records() -> None:
    exchange = {"custody", "events", "log", "releaseRequests", "releases", "searches"}
    opened = {row.action for row in access() if row.caller in PARTNERS}
    assert {code.partition(":")[0] for code in opened} == exchange
    assert not opened & {"custody:read", "custody:write", "log:audit"}


def test_events_are_named_after_their_codes() -> None:
    claims = schema("event-claims")["properties"]["events"]["properties"]
    assert {row["uri"] for row in codelist("eventTypes").values()} == set(claims)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("causesOfDeath", "Cause of death (category)"),
        ("migrationRoutes", "Route"),
        ("incidentTypes", "Incident Type"),
        ("regions", "Region of Incident"),
        ("regions", "Region of Origin"),
    ],
)
def test_every_title_of_the_real_file_has_a_code(name: str, column: str, shared_data: Path) -> None:
    known = {title for row in codelist(name).values() for title in row["iomTitles"].split(";") if title}
    with (shared_data / FILE).open(encoding="utf-8-sig", newline="") as rows:
        found = {row[column] for row in csv.DictReader(rows)} - {"NA", ""}
    single = {title for title in found if title in known}
    joined = found - single
    assert single
    unknown = {title for title in joined if not _is_joined(title.replace(" (P)", ""), known)}
    assert unknown == set()


def _is_joined(text: str, known: set[str]) -> bool:
    """Tell whether a cell is made of known titles with commas between; titles have commas themselves."""
    if text in known:
        return True
    return any(text.startswith(f"{title},") and _is_joined(text[len(title) + 1 :], known) for title in known)
