"""PFIF: what the importer makes of people and notes, what it refuses, and that all of it comes out again."""

import gzip
import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from mpex_client import Client, errors
from mpex_client.exporters.pfif import write_pfif
from mpex_client.importers import _pfif_xml, _sending, pfif
from mpex_client.importers._people import Envelope
from mpex_client.importers._pfif_xml import Entry, read
from mpex_client.testing import FakeNode

EXAMPLES = Path(__file__).parent / "pfif"
ENVELOPE = Envelope("publicInterest", {"organisation": "Office of Invented Cases"}, synthetic=True)
NOW = "2026-11-21T10:00:00Z"
CONFORMANCE, THEN = "pfif/pfif-1.3-conformance.xml.gz", "2011-02-05T00:00:00Z"


@pytest.fixture
def importer(node: FakeNode) -> Iterator[Client]:
    with node.client(purpose="searchLiving", legal_basis="publicInterest") as client:
        yield client


@pytest.fixture
def conformance(shared_data: Path, tmp_path: Path) -> Path:
    path = tmp_path / "conformance.xml"
    path.write_bytes(gzip.decompress((shared_data / CONFORMANCE).read_bytes()))
    return path


def taken(importer: Client, path: Path, **options: Any) -> dict[str, Any]:
    chosen: dict[str, Any] = {"envelope": ENVELOPE, "as_of": NOW} | options
    return pfif.import_pfif(importer, path, **chosen)


def exported(importer: Client, path: Path, *, version: str, as_of: str = NOW) -> tuple[Path, dict[str, int]]:
    text = io.StringIO()
    counts = write_pfif(importer.persons.list(), text, version=version, as_of=as_of)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path, counts


def contents(path: Path) -> dict[str, tuple[dict[str, str], list[dict[str, str]]]]:
    """Return fields and notes of each person, wherever the notes stand."""
    entries = list(read(path))
    apart: dict[str, list[dict[str, str]]] = {}
    for note in (entry for entry in entries if entry.kind == "note"):
        apart.setdefault(note.fields["person_record_id"], []).append(note.fields)
    people = (entry for entry in entries if entry.kind == "person")
    return {name: (each.fields, each.notes + apart.get(name, [])) for each in people if (name := _name(each))}


def _name(entry: Entry) -> str:
    return entry.fields["person_record_id"]


def test_the_conformance_set_comes_out_as_it_went_in(
    importer: Client, conformance: Path, tmp_path: Path
) -> None:
    summary = taken(importer, conformance, as_of=THEN)
    assert [summary[name] for name in ("people", "notes", "tombstones")] == [1357, 4950, 0]
    assert summary["outcomes"] == {"accepted": 1357, "warned": 0, "rejected": 0}
    path, counts = exported(importer, tmp_path / "out.xml", version="1.3", as_of=THEN)
    assert counts == {"people": 1357, "notes": 4950, "tombstones": 0, "dropped": 0}
    assert contents(path) == contents(conformance)


def test_who_has_expired_becomes_a_tombstone(importer: Client, conformance: Path, node: FakeNode) -> None:
    summary = taken(importer, conformance)
    assert (summary["people"], summary["tombstones"]) == (1357, 999)
    fields = [
        each.body["contributions"][0]["sections"]
        for each in node.documents.held.values()
        if each.body["status"] == "closed"
    ]
    assert len(fields) == 999
    placeholders = {"person_record_id", "entry_date", "expiry_date"}
    assert {frozenset(each) for each in fields} == {frozenset({"x-mpex-pfif"})}
    assert all(set(each["x-mpex-pfif"]) == {"version", "fields"} for each in fields)
    assert all(set(each["x-mpex-pfif"]["fields"]) <= placeholders for each in fields)


def test_what_the_standard_has_a_field_for_goes_there_and_is_not_repeated(importer: Client) -> None:
    summary = taken(importer, EXAMPLES / "example-1.2.xml")
    assert summary["outcomes"] == {"accepted": 1, "warned": 0, "rejected": 1}
    (record,) = importer.persons.list()
    sections = record["contributions"][0]["sections"]
    parts = [{"kind": "given", "value": "FICTIA"}, {"kind": "family", "value": "EXAMPLOVA"}]
    assert sections["names"] == {"names": [{"text": "FICTIA EXAMPLOVA", "parts": parts}]}
    assert sections["summary"] == {"sex": "female", "age": {"min": 20, "max": 25, "asOf": "2026-10-01"}}
    assert sections["birth"] == {"date": "2003-04"}
    assert set(sections["x-mpex-pfif"]["fields"]) == {
        "person_record_id",
        "entry_date",
        "author_name",
        "age",
        "description",
    }
    assert [note["note_record_id"] for note in sections["x-mpex-pfif"]["notes"]] == ["fictia.example/n1"]
    assert record["contributions"][0]["assertedAt"] == "2026-10-01T08:00:00Z"


@pytest.mark.parametrize("version", ["1.2", "1.4"])
def test_a_file_comes_out_as_it_went_in(importer: Client, tmp_path: Path, version: str) -> None:
    given = EXAMPLES / f"example-{version}.xml"
    taken(importer, given, as_of="2026-10-15T00:00:00Z")
    path, counts = exported(importer, tmp_path / "o.xml", version="1.4", as_of="2026-10-15T00:00:00Z")
    again = taken(importer, given, as_of="2026-10-15T00:00:00Z")
    assert again["stored"]["unchanged"] == again["people"]
    lost = {"nowhere", "fictia.example/p3"}
    assert contents(path) == {name: each for name, each in contents(given).items() if name not in lost}
    assert counts["dropped"] == 0


def test_an_earlier_version_says_how_much_it_has_no_field_for(importer: Client, tmp_path: Path) -> None:
    taken(importer, EXAMPLES / "example-1.4.xml")
    _, counts = exported(importer, tmp_path / "o.xml", version="1.3")
    assert counts == {"people": 2, "notes": 1, "tombstones": 1, "dropped": 2}


def test_somebody_who_expires_later_is_forgotten_by_the_next_import(importer: Client, node: FakeNode) -> None:
    taken(importer, EXAMPLES / "example-1.4.xml")
    summary = taken(importer, EXAMPLES / "example-1.4.xml", as_of="2026-12-02T00:00:00Z")
    assert summary["stored"] == {"created": 0, "updated": 1, "unchanged": 1}
    assert not any(
        "Muestra" in json.dumps(each.body, ensure_ascii=False) for each in node.documents.held.values()
    )


def test_a_report_names_rows_by_line_and_digest_only(importer: Client, tmp_path: Path) -> None:
    taken(importer, EXAMPLES / "example-1.4.xml", report_path=tmp_path / "r.json")
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    rows = json.loads(text)["rows"]
    assert [row["outcome"] for row in rows] == ["accepted", "accepted", "rejected", "rejected"]
    assert [row["row"] for row in rows] == [3, 24, 34, 38]
    assert not any(word in text for word in ("fictia.example", "Testa", "Inventad", "nowhere"))


_BOMB = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
_FETCH = '<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
_ROOT = '<pfif xmlns="http://zesty.ca/pfif/1.4">{}</pfif>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (_BOMB + _ROOT.format("<person><full_name>&b;</full_name></person>"), "document type"),
        (_FETCH + _ROOT.format("<person><full_name>&a;</full_name></person>"), "document type"),
        (_ROOT.format("<person><full_name>&b;</full_name></person>"), "not well-formed"),
        (_ROOT.format("<person>"), "not well-formed"),
        ("", "not well-formed"),
        (_ROOT.format("<a>" * 20 + "</a>" * 20), "nested"),
        (_ROOT.format(f"<person><text>{'x' * 60_000}</text></person>"), "too long"),
        (_ROOT.format(f"<person>{'<note><text>x</text></note>' * 901}</person>"), "901|900"),
        ('<pfif xmlns="http://zesty.ca/pfif/1.1"/>', "no PFIF file"),
        ("<html/>", "no PFIF file"),
    ],
)
def test_a_hostile_or_strange_file_is_refused_before_anything_is_sent(
    importer: Client, node: FakeNode, tmp_path: Path, text: str, why: str
) -> None:
    path = tmp_path / "f.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.ConfigurationError, match=why):
        taken(importer, path)
    assert node.requests == []


class _Sink:
    """Stands for a client whose node takes everything and keeps nothing."""

    persons: "_Sink"

    def __init__(self) -> None:
        self.persons = self

    def import_batch(self, items: list[object], *, directive: str | None) -> dict[str, object]:
        assert directive is None
        return {"outcomes": [{"outcome": "created"}] * len(items)}


def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sending, "BATCH_ROWS", 25)
    monkeypatch.setattr(_pfif_xml, "_PIECE", 4096)
    person = (EXAMPLES / "example-1.4.xml").read_text(encoding="utf-8").partition("<pfif:person>")[2]
    person = "<pfif:person>" + person.partition("</pfif:person>")[0] + "</pfif:person>"
    peaks = []
    for size in (100, 400):
        path = tmp_path / "f.xml"
        people = "".join(person.replace("/p1<", f"/p{number}<") for number in range(size))
        path.write_text(
            f'<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">{people}</pfif:pfif>', encoding="utf-8"
        )
        tracemalloc.start()
        taken(cast("Client", _Sink()), path, report_path=tmp_path / "r.json")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.4 * peaks[0]
