"""Missing Migrants files of every year: told by their headers, read row by row. All rows are invented."""

from pathlib import Path
from typing import Any

import pytest
from mpex_client.exporters.mmp import write_mmp
from mpex_client.importers import mmp
from mpex_client.importers._mmp_dates import date_of
from mpex_client.importers._mmp_layouts import LAYOUTS, sheet_of
from mpex_client.importers._mmp_row import RowError, incident_of

FOLDER = Path(__file__).parent / "mmp"
FILES = {
    "HDX, 2015 and 2016": FOLDER / "2015.csv",
    "site, 2019 and 2020": FOLDER / "2019.csv",
    "site, 2021 and 2022": FOLDER / "2021.csv",
    "site, 2023 to 2025": FOLDER / "2023.csv",
    "site, 2026": FOLDER / "2026.csv",
}


def read(name: str) -> list[tuple[dict[str, Any], list[str]] | str]:
    """Return incident and warnings of each row of a file, or why the row was rejected."""
    found: list[tuple[dict[str, Any], list[str]] | str] = []
    with mmp._opened(FILES[name]) as (sheet, rows):
        assert sheet.layout.name == name
        for _, row in rows:
            try:
                found.append(incident_of(sheet, row))
            except RowError as error:
                found.append(str(error))
    return found


def test_every_layout_but_the_compiled_one_has_a_file_here() -> None:
    assert {layout.name for layout in LAYOUTS} == FILES.keys() | {"compiled, 31 columns"}


def test_tags_are_no_row_and_the_day_comes_first_in_the_oldest_files() -> None:
    first, second, third = read("HDX, 2015 and 2016")
    assert isinstance(first, tuple)
    assert first[0]["date"] == "2016-01-31"
    assert first[0]["source"] == {"system": "iomMissingMigrants2015", "id": "1"}
    assert first[0]["place"]["coordinates"] == {"latitude": "35.1", "longitude": "14.2"}
    assert first[0]["asGiven"] == {"sourceQuality": "Verified"}
    assert first[1] == ["qualityUnclear"]
    assert isinstance(second, tuple)
    assert second[0]["date"] == "2016-05-04"
    assert second[1] == ["causeUnknown", "positionSwapped", "qualityUnclear"]
    assert second[0]["asGiven"]["causes"] == "Fell from an example"
    assert isinstance(third, tuple)
    assert third[1] == ["countUnclear", "dateUnclear", "positionUnclear"]
    assert third[0]["counts"] == {"dead": 1}
    assert third[0]["dateAsGiven"] == "32/01/2016"
    assert third[0]["asGiven"]["counts.missingMinimum"] == "#VALUE!"


def test_dates_in_words_and_a_placeholder() -> None:
    first, second = read("site, 2019 and 2020")
    assert isinstance(first, tuple)
    assert (first[0]["date"], first[0]["datePrecision"], first[1]) == ("2020-01-05", "day", [])
    assert first[0]["source"]["system"] == "iomMissingMigrantsWebId"
    assert second == "Location Description: the row is a placeholder of the source, not an incident"


def test_a_point_puts_the_longitude_first() -> None:
    (row,) = read("site, 2021 and 2022")
    assert isinstance(row, tuple)
    assert row[0]["place"]["coordinates"] == {"latitude": "35.5", "longitude": "14.0"}
    assert (row[0]["originRegions"], row[0]["originPresumed"]) == (["Sub-Saharan Africa"], True)
    assert row[1] == []


def test_a_correction_stays_negative() -> None:
    (row,) = read("site, 2023 to 2025")
    assert isinstance(row, tuple)
    assert (row[0]["type"], row[0]["isCorrection"]) == ("splitIncident", True)
    assert row[0]["place"]["country"] == "MT"


def test_a_weekday_must_agree_with_its_date() -> None:
    first, second = read("site, 2026")
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert first[0]["date"] == "2026-01-01"
    assert second[1] == ["dateUnclear"]


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("2020", False, "2020"),
        ("2020-02", False, "2020-02"),
        ("2020-02-30", False, None),
        ("February 30, 2020", False, None),
        ("Febrile 03, 2020", False, None),
        ("03/02/2020", False, None),
        ("03/02/2020", True, "2020-02-03"),
        ("Mon, 13/01/2020 - 12:00", False, None),
    ],
)
def test_a_date_is_never_guessed(text: str, day_first: bool, expected: str | None) -> None:
    assert date_of(text, day_first=day_first) == expected


def test_other_columns_are_of_no_layout() -> None:
    assert sheet_of(["id", "dead"]) is None


def test_an_exported_table_is_read_again_as_it_was(tmp_path: Path) -> None:
    incidents = [row[0] for name in FILES for row in read(name) if isinstance(row, tuple)]
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        assert write_mmp(({"incidentId": "x"} | incident for incident in incidents), file) == len(incidents)
    assert path.read_text("utf-8").splitlines()[1].startswith("#event+id+main,#event+id,")
    with mmp._opened(path) as (sheet, rows):
        again = [incident_of(sheet, row)[0] for _, row in rows]
    for before, after in zip(incidents, again, strict=True):
        system = {"system": "iomMissingMigrants"}
        lost = {"asGiven", "source", "causes", "dateAsGiven"}
        assert after["source"] == before["source"] | system
        assert {k: v for k, v in after.items() if k not in lost} == {
            k: v for k, v in before.items() if k not in lost
        }


def test_no_cell_of_an_export_runs_as_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    incident = {"incidentId": "x", "type": "incident", "counts": {"dead": -1}, "region": "=1+1"}
    with path.open("w", encoding="utf-8", newline="") as file:
        write_mmp([incident | {"place": {"coordinates": {"latitude": "-1", "longitude": "2"}}}], file)
    row = path.read_text("utf-8").splitlines()[2]
    assert ",'=1+1," in row
    assert ",-1," in row
    assert '"-1, 2"' in row
