"""The Missing Migrants importer: what it makes of rows, of a whole file, and of the real one."""

import csv
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from mpex_client import Client, errors
from mpex_client.importers import _mmp_row, mmp
from mpex_client.importers._mmp_layouts import sheet_of
from mpex_client.importers._mmp_row import RowError
from mpex_client.testing import FakeNode
from mpex_spec import codelist

from tests.client.conftest import StillClock

DIRECTIVE = {
    "legalBasis": "publicInterest",
    "dataSubject": "incident",
    "givenBy": {"authority": "institution"},
    "givenAt": "2026-01-01T00:00:00Z",
    "method": "institutional",
    "grants": [{"effect": "permit", "purposes": ["statistics"]}],
}
COLUMNS = (
    "Main ID",
    "Incident ID",
    "Incident Type",
    "Region of Incident",
    "Incident date",
    "No. dead",
    "No. missing",
    "No. dead/missing",
    "No. survivors",
    "No. Female",
    "No. Male",
    "No. minors",
    "Country of Origin",
    "Region of Origin",
    "Cause of death (category)",
    "Route",
    "Country of Incident",
    "Location of death",
    "UNSD region",
    "Source",
    "Link",
    "Source Quality",
    "Latitude",
    "Longitude",
)
MEDITERRANEAN = {"Region of Incident": "Mediterranean"}
HARSH = "Harsh environmental conditions / lack of adequate shelter, food, water"
ROW = dict.fromkeys(COLUMNS, "NA") | {
    "Main ID": "2026.MMP0001",
    "Incident ID": "2026.MMP0001",
    "Incident Type": "Incident",
    "Incident date": "2026-01-02",
    "No. dead": "2",
    "No. missing": "1",
    "No. dead/missing": "3",
    "Country of Incident": "Libya",
    "Cause of death (category)": "Drowning",
    "Route": "Central Mediterranean",
}


def incident_of(row: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return incident and warnings of a row of the compiled file."""
    sheet = sheet_of(row)
    assert sheet is not None
    return _mmp_row.incident_of(sheet, row)


@pytest.fixture
def importer(node: FakeNode, clock: StillClock) -> Iterator[Client]:
    with node.client(purpose="statistics", legal_basis="publicInterest", clock=clock) as client:
        yield client


@pytest.fixture
def directive(tmp_path: Path) -> Path:
    path = tmp_path / "directive.json"
    path.write_text(json.dumps(DIRECTIVE))
    return path


def write(path: Path, *rows: dict[str, str], bom: bool = False) -> Path:
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_plain_row_is_taken_without_a_warning() -> None:
    incident, warnings = incident_of(ROW)
    assert warnings == []
    assert incident["source"] == {"system": "iomMissingMigrants", "id": "2026.MMP0001"}
    assert incident["counts"] == {"dead": 2, "missingMinimum": 1, "deadAndMissing": 3}
    assert (incident["date"], incident["datePrecision"]) == ("2026-01-02", "day")
    assert (incident["routes"], incident["causes"]) == (["centralMediterranean"], ["drowning"])
    assert incident["place"] == {"country": "LY"}


def test_a_blank_is_not_zero() -> None:
    incident, _ = incident_of(ROW | {"No. dead": "NA", "No. dead/missing": "1"})
    assert incident["counts"] == {"missingMinimum": 1, "deadAndMissing": 1}


def test_joined_cells_are_taken_apart_and_named() -> None:
    incident, warnings = incident_of(
        ROW
        | {
            "Incident ID": "2026.MMP0001a,2026.MMP0001b",
            "Incident Type": "Incident,Split Incident",
            "Cause of death (category)": f"Drowning,{HARSH}",
            "Source Quality": "134",
            "Country of Origin": "Pakistan,Unknown",
            "Region of Origin": "Southern Asia (P)",
            "Route": "Central Mediterranean,Sahara Desert crossing",
            "Link": "https://a.example/x,https://b.example/y,z",
        }
    )
    assert incident["source"]["parts"] == ["2026.MMP0001a", "2026.MMP0001b"]
    assert incident["source"]["parentId"] == "2026.MMP0001"
    assert incident["type"] == "mixed"
    assert incident["causes"] == ["drowning", "harshConditions"]
    assert incident["sourceQuality"] == [1, 3, 4]
    assert incident["originCountries"] == ["Pakistan", "Unknown"]
    assert (incident["originRegions"], incident["originPresumed"]) == (["Southern Asia"], True)
    assert incident["links"] == ["https://a.example/x", "https://b.example/y,z"]
    assert incident["routes"] == ["centralMediterranean", "saharaDesert"]
    assert warnings == [
        "joinedCauses",
        "joinedIds",
        "joinedOrigins",
        "joinedQuality",
        "joinedRoutes",
        "joinedTypes",
    ]


def test_a_negative_count_is_a_correction_and_stays_negative() -> None:
    incident, warnings = incident_of(ROW | {"No. dead": "5", "No. missing": "-5", "No. dead/missing": "0"})
    assert incident["isCorrection"] is True
    assert incident["counts"] == {"dead": 5, "missingMinimum": -5, "deadAndMissing": 0}
    assert warnings == ["correction"]


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"No. dead/missing": "9"}, "countsDisagree"),
        ({"No. Female": "3", "No. Male": "1"}, "countsDisagree"),
        ({"Country of Incident": "Libya - presumed departure on 12-14 April"}, "countryUnclear"),
        ({"Country of Incident": "012 52E"}, "countryUnclear"),
        ({"No. survivors": "#VALUE!"}, "countUnclear"),
        ({"No. survivors": "1.5"}, "countUnclear"),
        ({"Cause of death (category)": "Something else"}, "causeUnknown"),
        ({"Route": "A new route"}, "routeUnknown"),
        ({"Incident date": "Spring 2026"}, "dateUnclear"),
        ({"Latitude": "22.787960000000000000002", "Longitude": "1"}, "positionRounded"),
        ({"Latitude": "122.7", "Longitude": "1"}, "positionSwapped"),
        ({"Latitude": "#VALUE!", "Longitude": "1"}, "positionUnclear"),
        ({"Latitude": "NaN", "Longitude": "1"}, "positionUnclear"),
        ({"Latitude": "1", "Longitude": "181"}, "positionUnclear"),
        ({"Latitude": "14", "Longitude": "34", **MEDITERRANEAN}, "positionSwapped"),
        ({"Latitude": "-34", "Longitude": "14", **MEDITERRANEAN}, "positionOutsideRegion"),
        ({"Source Quality": "9"}, "qualityUnclear"),
        ({"Location of death": "x" * 1001}, "textShortened"),
    ],
)
def test_what_is_not_carried_over_exactly_is_named(changes: dict[str, str], warning: str) -> None:
    _, warnings = incident_of(ROW | changes)
    assert warnings == [warning]
    assert warning in mmp.WARNINGS


def test_what_could_not_be_read_is_kept_in_the_words_of_the_source() -> None:
    incident, _ = incident_of(
        ROW
        | {"No. survivors": "#VALUE!", "Route": "A new route", "Source Quality": "9"}
        | {"Latitude": "14.1", "Longitude": "34.5", **MEDITERRANEAN}
    )
    assert "survivors" not in incident["counts"]
    assert "coordinates" not in incident.get("place", {})
    assert incident["asGiven"] == {
        "counts.survivors": "#VALUE!",
        "routes": "A new route",
        "sourceQuality": "9",
        "place.coordinates": "latitude 14.1, longitude 34.5",
    }


def test_a_country_is_read_from_the_beginning_of_an_annotated_cell() -> None:
    incident, _ = incident_of(ROW | {"Country of Incident": "Morocco (en route to Ceuta)"})
    assert incident["place"] == {"country": "MA"}


@pytest.mark.parametrize(
    "changes", [{"Incident ID": "NA"}, {"Incident Type": "Rumour"}, {"Location of death": "Placeholder"}]
)
def test_a_row_that_is_no_incident_is_rejected(changes: dict[str, str]) -> None:
    with pytest.raises(RowError) as caught:
        incident_of(ROW | changes)
    assert next(iter(changes)) in str(caught.value)


def test_every_code_is_one_of_the_standard() -> None:
    from mpex_client.importers._mmp_codes import CAUSES, ROUTES, TYPES

    assert set(CAUSES.values()) <= codelist("causesOfDeath").keys()
    assert set(ROUTES.values()) <= codelist("migrationRoutes").keys()
    assert {*TYPES.values(), "mixed"} <= codelist("incidentTypes").keys()


def test_every_row_has_one_outcome_and_the_report_tells_it(importer: Client, tmp_path: Path) -> None:
    rows = [
        ROW,
        ROW | {"Incident ID": "b", "No. dead/missing": "9"},
        ROW | {"Incident ID": "c", "Incident Type": "Rumour"},
    ]
    path = write(tmp_path / "f.csv", *rows, bom=True)
    told: list[int] = []
    summary = mmp.import_mmp(
        importer,
        path,
        directive="directive:" + "a" * 26,
        report_path=tmp_path / "r.json",
        on_rows=told.append,
    )
    assert summary["outcomes"] == {"accepted": 1, "warned": 1, "rejected": 1}
    assert sum(told) == mmp.count_rows(path) == 3
    report = json.loads((tmp_path / "r.json").read_text())
    assert {name: value for name, value in report.items() if name != "rows"} == summary
    assert [(row["row"], row["outcome"]) for row in report["rows"]] == [
        (2, "accepted"),
        (3, "warned"),
        (4, "rejected"),
    ]
    assert report["rows"][2]["errors"] == ["Incident Type: it is none of the known types"]
    assert report["rows"][1]["warnings"] == ["countsDisagree"]


def test_what_the_node_rejects_is_rejected_with_its_reason(importer: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", ROW | {"Incident ID": "x" * 300})
    summary = mmp.import_mmp(
        importer, path, directive="directive:" + "a" * 26, report_path=tmp_path / "r.json"
    )
    assert summary["outcomes"] == {"accepted": 0, "warned": 0, "rejected": 1}
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["rows"][0]["errors"][0].startswith("/source/id: ")


def test_an_import_that_breaks_off_leaves_no_half_report_and_goes_on_when_run_again(
    importer: Client, node: FakeNode, tmp_path: Path
) -> None:
    path = write(tmp_path / "f.csv", *[ROW | {"Incident ID": str(number)} for number in range(450)])
    report = tmp_path / "r.json"
    node.fail(500)
    with pytest.raises(errors.ProblemError):
        mmp.import_mmp(importer, path, directive="directive:" + "a" * 26, report_path=report)
    assert list(tmp_path.iterdir()) == [path]
    summary = mmp.import_mmp(importer, path, directive="directive:" + "a" * 26, report_path=report)
    assert summary["stored"] == {"created": 450, "updated": 0, "unchanged": 0}


def test_an_empty_file_has_a_report_too(importer: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv")
    mmp.import_mmp(importer, path, directive="directive:" + "a" * 26, report_path=tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text())["rows"] == []


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"\xff\xfe\x00", b"Main ID,Incident ID\n"])
def test_another_file_is_refused_before_anything_is_sent(
    importer: Client, node: FakeNode, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(errors.ConfigurationError, match=r"f\.csv"):
        mmp.import_mmp(importer, path, directive="directive:" + "a" * 26)
    assert node.requests == []


def test_a_batch_stays_below_the_size_of_a_body(importer: Client, node: FakeNode, tmp_path: Path) -> None:
    long = ROW | {"Link": " ".join(f"https://example.org/{'x' * 900}{number}" for number in range(20))}
    write(tmp_path / "f.csv", *[long | {"Incident ID": str(number)} for number in range(120)])
    mmp.import_mmp(importer, tmp_path / "f.csv", directive="directive:" + "a" * 26)
    sizes = [len(seen.body) for seen in node.requests if seen.operation == "importIncidents"]
    assert len(sizes) > 1
    assert max(sizes) < 1_048_576


def test_the_same_file_gives_the_same_directive(importer: Client, node: FakeNode, directive: Path) -> None:
    first = mmp.register_directive(importer, directive)
    assert mmp.register_directive(importer, directive) == first
    with node.client(purpose="statistics", legal_basis="publicInterest") as another:
        assert mmp.register_directive(another, directive) == first
    assert list(node.documents.held) == [first]


class _Sink:
    """Stands for a client whose node takes everything and keeps nothing."""

    incidents: "_Sink"

    def __init__(self) -> None:
        self.incidents = self

    def import_batch(self, incidents: list[object], *, directive: str) -> dict[str, object]:
        assert directive
        return {"outcomes": [{"outcome": "created"}] * len(incidents)}

    def list(self) -> Iterator[dict[str, object]]:
        return iter(())


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for size in (1_000, 8_000):
        path = write(tmp_path / "f.csv", *[ROW | {"Incident ID": str(number)} for number in range(size)])
        tracemalloc.start()
        sink = cast("Client", _Sink())
        mmp.import_mmp(sink, path, directive="directive:x", report_path=tmp_path / "r.json")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]
