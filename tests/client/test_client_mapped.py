"""Files by a mapping: what becomes of values, what is refused, what a proposal and a check say."""

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from mpex_client import Client, errors
from mpex_client.importers import _sending, mapped
from mpex_client.importers._mapping import Mapping
from mpex_client.importers._mapping_values import age_of, date_of
from mpex_client.importers._people import Envelope
from mpex_client.importers._tables import read_csv, read_jsonl, value_at
from mpex_client.importers._targets import target_of, targets
from mpex_client.importers.mapping_proposal import propose
from mpex_client.testing import FakeNode

ENVELOPE = Envelope("publicInterest", {"organisation": "Office of Invented Cases"}, synthetic=True)
MAPPING = """
system: inventedList
id: [office, case.no]
asserted: {field: updated, forms: [dd.mm.yyyy]}
directive: {field: consent, codes: {yes: directive:aaaaaaaaaaaaaaaaaaaaaaaaaa, no: }}
contributor: desk-9
source: register
certainty: presumed
missing: ["-", "n/a"]
fields:
- {to: names, field: name.ar, script: Arab, type: legal}
- {to: names, given: name.given, family: name.family, script: Latn}
- {to: summary.sex, field: sex, codes: {f: female, m: male, "": unknown}}
- {to: summary.age, field: age, asOf: {field: updated, forms: [dd.mm.yyyy]}}
- {to: birth.date, field: born, forms: [dd/mm/yyyy, mm/yyyy, yyyy]}
- {to: birth.calendar, value: gregorian}
- {to: identity.nationalities, field: country, codes: {Kosovo: XK}, basis: documented}
- {to: identity.languages, field: languages, split: ";"}
- {to: 'journey.points[departure].place.name', field: from}
- {to: 'journey.points[lastKnown].place.name', field: seen}
- {to: 'journey.points[lastKnown].date', field: seenOn}
- {to: journey.companionsCount, field: others}
- {to: vulnerability.isMinor, field: minor}
keep: [remarks]
"""
ROW: dict[str, Any] = {
    "office": "north",
    "case": {"no": 17},
    "updated": "20.11.2026",
    "consent": "yes",
    "name": {"ar": "تجربة مثالية", "given": "Testa", "family": "Muestra"},
    "sex": "f",
    "age": "٣٠-35",
    "born": "4/1996",
    "country": "Kosovo",
    "languages": "ar; fr",
    "from": "Port Example",
    "seen": "Playa Inventada",
    "seenOn": "2026-09-01",
    "others": 3,
    "minor": False,
    "remarks": "a blue bag",
}


@pytest.fixture
def importer(node: FakeNode) -> Iterator[Client]:
    with node.client(purpose="searchLiving", legal_basis="publicInterest") as client:
        yield client


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    return loaded(tmp_path, MAPPING)


def loaded(folder: Path, text: str) -> Mapping:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return mapped.load_mapping(path)


def lines(folder: Path, *rows: Any) -> Iterator[Any]:
    path = folder / "f.jsonl"
    path.write_text(
        "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), encoding="utf-8"
    )
    return read_jsonl(path)


def taken(importer: Client, mapping: Mapping, rows: Iterator[Any], **options: Any) -> dict[str, Any]:
    return mapped.import_mapped(importer, rows, mapping, envelope=ENVELOPE, **options)


def test_every_kind_of_value_finds_its_place(importer: Client, mapping: Mapping, tmp_path: Path) -> None:
    assert taken(importer, mapping, lines(tmp_path, ROW))["outcomes"]["accepted"] == 1
    (record,) = importer.persons.list()
    (contribution,) = record["contributions"]
    assert contribution["sections"] == {
        "names": {
            "names": [
                {"text": "تجربة مثالية", "script": "Arab", "type": "legal"},
                {
                    "text": "Testa Muestra",
                    "parts": [{"kind": "given", "value": "Testa"}, {"kind": "family", "value": "Muestra"}],
                    "script": "Latn",
                },
            ]
        },
        "summary": {"sex": "female", "age": {"min": 30, "max": 35, "asOf": "2026-11-20"}},
        "birth": {"date": "1996-04", "calendar": "gregorian"},
        "identity": {"nationalities": [{"country": "XK", "basis": "documented"}], "languages": ["ar", "fr"]},
        "journey": {
            "points": [
                {"type": "departure", "place": {"name": "Port Example"}},
                {"type": "lastKnown", "place": {"name": "Playa Inventada"}, "date": "2026-09-01"},
            ],
            "companionsCount": 3,
        },
        "vulnerability": {"isMinor": False},
        "x-mpex-given": {"remarks": "a blue bag"},
    }
    others = ("directive", "assertedAt", "contributor", "source", "certainty")
    assert [contribution[name] for name in others] == [
        "directive:aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "2026-11-20T00:00:00Z",
        "desk-9",
        "register",
        "presumed",
    ]


def test_what_does_not_fit_is_kept_as_given_and_never_guessed(
    importer: Client, mapping: Mapping, tmp_path: Path
) -> None:
    odd = ROW | {"sex": "w", "age": "about 30", "born": "31/02/1996", "others": "few", "country": "-"}
    odd |= {"consent": "perhaps", "name": {"ar": "n/a", "given": "x" * 121}, "remarks": "y" * 2001}
    summary = taken(importer, mapping, lines(tmp_path, odd))
    assert summary["outcomes"] == {"accepted": 0, "warned": 1, "rejected": 0}
    codes = ["ageUnclear", "codeUnknown", "dateUnclear", "keptInPart", "numberUnclear", "tooLong"]
    assert sorted(summary["warnings"]) == codes
    (record,) = importer.persons.list()
    (contribution,) = record["contributions"]
    assert "directive" not in contribution
    assert record["nameUnknown"] is True
    assert set(contribution["sections"]["x-mpex-given"]) == {
        *("sex", "age", "updated", "born", "others", "consent", "name.given", "remarks")
    }
    assert "date" not in contribution["sections"]["birth"]


def test_one_bad_row_never_loses_the_file_and_the_file_again_changes_nothing(
    importer: Client, mapping: Mapping, tmp_path: Path
) -> None:
    bad = ["{", "[1]", "x" * 1_000_100, ROW | {"office": ""}, ROW | {"case": {"no": 3}, "updated": "soon"}]
    rows = [ROW, *bad, "", ROW | {"case": {"no": 18}}]
    report = tmp_path / "r.json"
    summary = taken(importer, mapping, lines(tmp_path, *rows), report_path=report)
    assert summary["outcomes"] == {"accepted": 2, "warned": 0, "rejected": 5}
    entries = json.loads(report.read_text(encoding="utf-8"))["rows"]
    assert [entry["row"] for entry in entries] == [1, 2, 3, 4, 5, 6, 8]
    assert not any(word in report.read_text(encoding="utf-8") for word in ("Testa", "north", "blue"))
    again = taken(importer, mapping, lines(tmp_path, *rows))
    assert again["stored"] == {"created": 0, "updated": 0, "unchanged": 2}


def test_a_table_is_read_as_its_mapping_says(importer: Client, tmp_path: Path) -> None:
    head = "system: t\nid: Nr\nasserted: 2026-11-01\ndelimiter: ';'\nencoding: cp1252\n"
    text = head + "fields: [{to: names, field: Né}]"
    path = tmp_path / "f.csv"
    path.write_bytes("Nr;Né\n1;Fictia Examplé\n2;a;b\n3;\n".encode("cp1252"))
    mapping = loaded(tmp_path, text)
    report = tmp_path / "r.json"
    taken(importer, mapping, mapped.rows_of(path, mapping), report_path=report)
    found = [
        (row["outcome"], row.get("errors")) for row in json.loads(report.read_text(encoding="utf-8"))["rows"]
    ]
    assert found == [
        ("accepted", None),
        ("rejected", ["has another number of cells than the header"]),
        ("rejected", ["nothing of the row is mapped"]),
    ]
    assert next(iter(importer.persons.list()))["contributions"][0]["assertedAt"] == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("system: inventedList", "sytem: x", "map.yaml, /"),
        ("[dd.mm.yyyy]}\ndir", "[day.month]}\ndir", "/asserted"),
        ("to: summary.sex", "to: summary.gender", r"summary\.gender"),
        ("to: birth.date", "to: birth", "birth"),
        ("keep: [remarks]", "keep: {", "YAML"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in MAPPING
    with pytest.raises(errors.ConfigurationError, match=place):
        loaded(tmp_path, MAPPING.replace(old, new, 1))


def test_a_check_tells_what_would_come_of_a_file_and_no_value(mapping: Mapping, tmp_path: Path) -> None:
    rows = [ROW, ROW, ROW | {"case": {"no": 18}, "sex": "w", "colour": "green"}, ROW | {"office": ""}]
    found = mapped.check_mapped(lines(tmp_path, *rows), mapping)
    assert (found["rows"], found["twice"], found["unmapped"], found["unknown"]) == (4, 1, ["colour"], [])
    assert found["given"] == {"remarks": 3, "sex": 1}
    assert found["refused"] == {"the identity is empty": 1}
    assert found["filled"]["names"] == 3
    odd = loaded(tmp_path, MAPPING.replace("value: gregorian", "value: 'not a code'"))
    refused = mapped.check_mapped(lines(tmp_path, ROW), odd)["refused"]
    assert refused == {"/contributions/0/sections/birth/calendar: the keyword `pattern` is not fulfilled": 1}


def test_a_proposal_decides_nothing_that_the_sample_leaves_open(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(
        "Case No,Nom,Prénom,Sexe,DOB,Last seen,Shoe\n"
        "1,Examplová,Fictia,F,03/04/2003,2026,38\n"
        "2,Muestra,Testa,M,04/04/1999,2026-09,\n",
        encoding="utf-8",
    )
    text = propose(read_csv(path), "inventedList")
    assert '- to: names\n  given: "Prénom"\n  family: "Nom"\n  script: Latn' in text
    assert "forms: [] # which? in the sample fit: dd/mm/yyyy, mm/dd/yyyy" in text
    assert 'forms: ["yyyy-mm", "yyyy"]' in text
    assert 'keep:\n- "Shoe"' in text
    with pytest.raises(errors.ConfigurationError):
        loaded(tmp_path, text)
    done = text.replace('"F": ', '"F": female').replace('"M": ', '"M": male')
    done = done.replace("forms: [] # which?", "forms: [dd/mm/yyyy] #")
    mapping = loaded(tmp_path, done.replace("asserted: #", "asserted: 2026-11-21 #"))
    found = mapped.check_mapped(mapped.rows_of(path, mapping), mapping)
    assert (found["refused"], found["warnings"], found["unmapped"]) == ({}, {}, [])


def test_every_place_that_is_offered_is_one() -> None:
    assert {"summary.sex", "birth.date", "identity.languages", "names"} <= targets()
    assert {target_of(to).to for to in targets()} == targets()


def test_dates_and_ages_are_read_as_stated() -> None:
    assert date_of("3.4.2026", ["dd.mm.yyyy"]) == "2026-04-03"
    assert date_of("2026", ["dd.mm.yyyy", "yyyy"]) == "2026"
    assert date_of("31.02.2026", ["dd.mm.yyyy"]) is None
    assert [age_of(text) for text in ("34", "30 - 35", "60+", "35-30", "x", "131")] == [
        (34, 34),
        (30, 35),
        (60, 130),
        None,
        None,
        None,
    ]
    assert value_at({"a": [{"b": True}]}, "a.0.b") == "true"
    assert value_at({"a.b": 1, "a": {"b": 2}}, "a.b") == "1"
    assert value_at({"a": [1]}, "a.7") == ""


class _Sink:
    """Stands for a client whose node takes everything and keeps nothing."""

    persons: "_Sink"

    def __init__(self) -> None:
        self.persons = self

    def import_batch(self, items: list[object], *, directive: str | None) -> dict[str, object]:
        assert directive is None
        return {"outcomes": [{"outcome": "created"}] * len(items)}


def test_memory_does_not_grow_with_the_file(
    mapping: Mapping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_sending, "BATCH_ROWS", 25)
    peaks = []
    for size in (100, 400):
        rows = lines(tmp_path, *[ROW | {"case": {"no": number}} for number in range(size)])
        tracemalloc.start()
        taken(cast("Client", _Sink()), mapping, rows, report_path=tmp_path / "r.json")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.4 * peaks[0]
