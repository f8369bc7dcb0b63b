"""One person is found across scripts, errors and gaps; siblings and other people are not taken for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpex_server.domain.features import KINDS, Features, Mark, Place, Word, features
from mpex_server.domain.features_codec import LIMIT, pack, unpack
from mpex_server.domain.index_keys import index_keys, index_tokens, query_keys, token
from mpex_server.domain.scoring import Comparison, score

from benchmarks.register import Register

KEY = bytes(range(32))
SPEC = Path(__file__).parents[2] / "spec"
EXAMPLES = [
    path for kind in ("person-record", "remains-unit") for path in (SPEC / "examples").glob(f"{kind}.*.json")
]
Json = dict[str, Any]


def person(name: str, **sections: Any) -> Json:
    """Return a record of one contribution: a man born 1998-03-14, last heard of in August 2025."""
    base: Json = {
        "names": {"names": [{"text": name}], "fatherName": {"text": "Idris"}},
        "birth": {"date": "1998-03-14"},
        "summary": {"sex": "male"},
        "identity": {"nationalities": [{"country": "ER", "basis": "claimed"}], "languages": ["ti"]},
        "journey": {
            "route": "centralMediterranean",
            "lastContact": {"date": "2025-08-02", "place": {"name": "Example Port", "country": "LY"}},
        },
    }
    return {"type": "soughtPerson", "contributions": [{"sections": base | sections}]}


def remains(**sections: Any) -> Json:
    base: Json = {
        "summary": {"sex": "male", "age": {"min": 23, "max": 32, "asOf": "2025"}},
        "physical": {
            "heightCm": {"min": 172, "max": 178},
            "marks": [{"kind": "tattoo", "bodyLocation": "forearm", "side": "left", "observed": True}],
        },
        "clothingEffects": {"items": [{"category": "clothing", "colours": ["red"]}]},
        "journey": {
            "points": [
                {
                    "type": "found",
                    "date": "2025-08-20",
                    "place": {"country": "IT", "coordinates": {"latitude": "35.5", "longitude": "12.6"}},
                }
            ]
        },
    }
    return {"type": "remainsUnit", "contributions": [{"sections": base | sections}]}


ACROSS_SCRIPTS = [
    ("Mohammed Ficta", "محمد فيكتا"),
    ("Abdulrahman Hassan", "عبد الرحمن حسن"),
    ("Tesfay Gebremariam", "ተስፋይ ገብረማርያም"),
    ("Selamawit Yohannes", "ሰላማዊት ዮሃንስ"),
    ("Mohammad Rahim", "মোহাম্মদ রহিম"),
    ("Fatema Begum", "ফাতেমা বেগম"),
    ("Zeynab Ismailova", "Зайнаб Исмаилова"),
    ("Ram Kumar", "राम कुमार"),
    ("Cumar Xasan", "عمر حسن"),
    ("Abrham Yosef", "إبراهيم يوسف"),
]


@pytest.mark.parametrize(("name", "query"), ACROSS_SCRIPTS)
def test_name_in_another_script_alone_finds_the_person(name: str, query: str) -> None:
    asked: Json = {"names": {"names": [{"text": query}]}}
    assert {key for key in query_keys(asked) & index_keys(person(name)) if key.startswith("w:")}
    found = score(features(asked), features(person(name)))
    assert found.evidence["names"] == "agrees"
    assert found.score > score(features(asked), features(person("Testa Muestra"))).score + 10


@pytest.mark.parametrize(
    "change",
    [
        {"names": {"names": [{"text": "Ficta Mohamed"}]}},
        {"names": {"names": [{"text": "Mohamed"}]}},
        {"names": {"names": [{"text": "Mohamed Idris Ficta"}]}},
        {"birth": {"date": "1998-03-14"}, "names": {"names": [{"text": "Muhamad Fikta"}]}},
        {"birth": {"date": "1999-03-14"}},
        {"birth": {"date": "1998"}},
        {"summary": {"age": {"min": 25, "max": 29, "asOf": "2025-08"}}, "birth": {}},
        {"identity": {}, "journey": {}, "summary": {}},
    ],
)
def test_errors_gaps_and_order_leave_the_person_findable(change: Json) -> None:
    record = person("Mohammed Ficta")
    asked = person("Mohammed Ficta", **change)
    assert query_keys(asked) & index_keys(record)
    assert score(features(asked), features(record)).band in {"strong", "moderate"}


def test_day_and_month_exchanged_weigh_as_a_slip() -> None:
    asked = person("Mohammed Ficta", birth={"date": "1998-03-04"})
    record = person("Mohammed Ficta", birth={"date": "1998-04-03"})
    assert "b:1998-04-03" in query_keys(asked)
    assert score(features(asked), features(record)).evidence["birth"] == "agrees"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Amanuel Idris Ficta", "Filmon Idris Ficta"), ("أحمد إدريس فيكتا", "خالد إدريس فيكتا")],
)
def test_sibling_is_not_taken_for_the_person(one: str, other: str) -> None:
    def sought(name: str, born: str) -> Json:
        given, *rest = name.split()
        kinds = [("given", given), ("patronymic", rest[0]), ("family", rest[1])]
        parts = [{"kind": kind, "value": value} for kind, value in kinds]
        return person(
            name,
            names={"names": [{"text": name, "parts": parts}], "fatherName": {"text": rest[0]}},
            birth={"date": born},
        )

    asked, sibling = sought(one, "1998-03-14"), sought(other, "2000-09-02")
    same = score(features(asked), features(asked))
    found = score(features(asked), features(sibling))
    assert same.band == "strong"
    assert found.band in {"weak", "none"}
    assert found.evidence["birth"] == "contradicts"
    assert same.score - found.score > 20


def test_nameless_remains_are_found_by_time_place_and_body() -> None:
    marks = [{"kind": "tattoo", "bodyLocation": "Forearm", "side": "left", "observed": True}]
    physical = {"heightCm": {"min": 175, "max": 175}, "marks": marks}
    asked = person("Mohammed Ficta", physical=physical)
    assert {key[0] for key in query_keys(asked) & index_keys(remains())} >= {"s", "k"}
    found = score(features(asked), features(remains()))
    assert found.band in {"moderate", "weak"}
    assert found.evidence["names"] == "unknown"
    assert found.evidence["physical"] == "agrees"
    other = score(features(asked), features(remains(summary={"sex": "female"})))
    assert found.score > other.score


def test_found_before_the_last_contact_contradicts() -> None:
    earlier = remains(journey={"points": [{"type": "found", "date": "2025-01-20"}]})
    assert score(features(person("Mohammed Ficta")), features(earlier)).evidence["journey"] == "contradicts"


def test_mark_seen_to_be_absent_contradicts_and_an_unmentioned_one_does_not() -> None:
    mark = {"kind": "tattoo", "bodyLocation": "forearm", "side": "left"}
    seen = person("Mohammed Ficta", physical={"marks": [mark | {"observed": True}]})
    absent = person("Mohammed Ficta", physical={"marks": [mark | {"observed": False}]})
    silent = person("Mohammed Ficta", physical={"heightCm": {"min": 170, "max": 175}})
    assert score(features(seen), features(absent)).evidence["physical"] == "contradicts"
    assert score(features(seen), features(silent)).evidence["physical"] == "unknown"


def test_what_one_side_does_not_know_weighs_nothing() -> None:
    empty = score(Features(), features(person("Mohammed Ficta")))
    assert empty.score == 0
    assert empty.band == "none"
    assert set(empty.evidence.values()) == {"unknown"}


def test_many_candidates_at_once_score_as_each_alone() -> None:
    people = Register()
    records = [people.person() for _ in range(60)]
    query = features(people.query(records[0]))
    asked = Comparison(query)
    blobs = {str(number): pack(features(record)) for number, record in enumerate(records)}
    assert asked.scores(blobs) == {name: Comparison(query).score(blob) for name, blob in blobs.items()}


def test_rare_names_weigh_more_than_common_ones() -> None:
    asked = features({"names": {"names": [{"text": "Mohammed Ficta"}]}})
    record = features(person("Mohammed Ficta"))
    common = score(asked, record, lambda skeleton: 3.0 if skeleton == "mhmd" else 8.0)
    assert score(asked, record, lambda _: 8.0).score > common.score


def test_score_is_the_same_from_either_side() -> None:
    one, other = features(person("Mohammed Ficta")), features(person("Mohamed Fikta Idris"))
    assert score(one, other).score == pytest.approx(score(other, one).score)


def test_tokens_depend_on_key_and_type_and_fit_a_signed_64_bit_column() -> None:
    assert token(KEY, "n", "ficta") != token(KEY, "p", "ficta")
    assert token(KEY, "n", "ficta") != token(bytes(32), "n", "ficta")
    assert all(-(2**63) <= value < 2**63 for value in index_tokens(KEY, index_keys(person("Mohammed Ficta"))))
    with pytest.raises(ValueError, match="32"):
        token(b"short", "n", "ficta")


def test_record_costs_few_index_rows() -> None:
    assert len(index_keys(person("Mohammed Idris Ficta"))) <= 60


words = st.builds(
    Word,
    st.sampled_from([0, 1]),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14),
    st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8), min_size=1, max_size=3).map(
        tuple
    ),
)
days = st.none() | st.tuples(st.integers(700000, 740000), st.integers(0, 20000)).map(
    lambda d: (d[0], d[0] + d[1])
)
hashes = st.integers(0, 65535)


def rows(strategy: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


everything = st.builds(
    Features,
    kind=st.sampled_from(KINDS),
    names=rows(st.lists(words, min_size=1, max_size=8).map(tuple), 4),
    parents=rows(words, 6),
    birth=days,
    sex=st.sampled_from(["", "female", "male", "other"]),
    region=hashes,
    nationalities=rows(st.sampled_from(["ER", "SY"]), 4),
    languages=rows(st.sampled_from(["ti", "ckb"]), 4),
    height=st.none() | st.just((170, 180)),
    marks=rows(st.builds(Mark, st.integers(0, 9), hashes, st.booleans()), 8),
    effects=rows(hashes, 12),
    last=days,
    found=days,
    places=rows(
        st.builds(Place, hashes, st.sampled_from(["", "LY"]), st.just(35.5), st.just(-12.5), st.booleans()), 4
    ),
    route=hashes,
    incident=hashes,
)


@given(everything)
def test_packed_features_always_fit_and_stay_stable(value: Features) -> None:
    blob = pack(value)
    assert len(blob) <= LIMIT
    assert pack(unpack(blob)) == blob


@pytest.mark.parametrize("record", [person("Mohammed Idris Ficta"), remains()])
def test_packing_an_ordinary_record_loses_nothing(record: Json) -> None:
    assert unpack(pack(features(record))) == features(record)


@pytest.mark.parametrize("file", [path.name for path in EXAMPLES])
def test_every_published_example_can_be_indexed_and_finds_itself(file: str) -> None:
    record = json.loads((SPEC / "examples" / file).read_text())
    assert query_keys(record) >= index_keys(record)
    same = score(features(record), unpack(pack(features(record))))
    assert "contradicts" not in same.evidence.values()


@pytest.mark.parametrize("latitude", ["91", "-999.5"])
def test_position_off_the_earth_counts_as_unknown(latitude: str) -> None:
    place = {"country": "LY", "coordinates": {"latitude": latitude, "longitude": "12"}}
    lost = person(
        "Mohammed Ficta", journey={"points": [{"type": "lastKnown", "date": "2025", "place": place}]}
    )
    assert unpack(pack(features(lost))).places == (Place(0, "LY", None, None, last=True),)


def test_damaged_blobs_are_refused() -> None:
    blob = pack(features(person("Mohammed Ficta")))
    for damaged in (b"", blob[:10], b"\xff" + blob[1:]):
        with pytest.raises(ValueError, match="features"):
            unpack(damaged)
