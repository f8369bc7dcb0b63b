"""Imports of persons: batches with an outcome for each item, repeatable, beside the work of the staff."""

from datetime import timedelta
from typing import Any

from mpex_conformance import expect, samples
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer
from mpex_conformance.wire.proofs import unique


def _item(name: str, source: str) -> dict[str, Any]:
    record = samples.person([samples.contribution(samples.sections(name))])
    return {"source": {"system": "conformance", "id": source}, "record": record}


def _import(lab: Lab, *items: dict[str, Any]) -> list[dict[str, Any]]:
    outcomes = expect.status(lab.staff("importPersons", {"items": list(items)}), 200).at("outcomes")
    expect.that(len(outcomes) == len(items), "not one outcome for each item")
    return list(outcomes)


def _kinds(outcomes: list[dict[str, Any]]) -> list[str]:
    return [outcome["outcome"] for outcome in outcomes]


def _read(lab: Lab, outcome: dict[str, Any]) -> Answer:
    return expect.status(lab.staff("getPerson", recordId=str(outcome.get("recordId"))), 200)


@check("imp-001", requirements=["IMP-001"])
def one_bad_person(lab: Lab) -> None:
    """One bad person of a batch is rejected with its place, the others are stored."""
    bad = _item(samples.word(), unique())
    del bad["record"]["legalBasis"]
    items = _item(samples.word(), unique()), bad, _item(samples.word(), unique())
    outcomes = _import(lab, *items)
    expect.that(_kinds(outcomes) == ["created", "rejected", "created"], "the outcomes do not fit the items")
    expect.that(outcomes[1].get("errors"), "the rejected item does not say what was wrong")
    for outcome in (outcomes[0], outcomes[2]):
        _read(lab, outcome)


@check("imp-002", requirements=["IMP-002"])
def a_file_again(lab: Lab) -> None:
    """The same batch again changes nothing, and takes back nothing that staff have changed."""
    batch = [_item(samples.word(), unique()) for _ in range(2)]
    first = _import(lab, *batch)
    again = _import(lab, *batch)
    expect.that(_kinds(again) == ["unchanged"] * 2, "the repeated batch changed something")
    expect.that(
        [each.get("recordId") for each in again] == [each.get("recordId") for each in first],
        "the repetition made new records",
    )
    _put_to_closed(lab, first[0])
    expect.that(_kinds(_import(lab, *batch)) == ["unchanged"] * 2, "a repetition touched the work of staff")
    expect.that(_read(lab, first[0]).at("status") == "closed", "a repetition took back a change of staff")


@check("imp-003", requirements=["IMP-003"])
def changed_at_its_origin(lab: Lab) -> None:
    """What changed at its origin is brought up to date; the rest of the record stays as staff made it."""
    name, source = samples.word(), unique()
    outcome = _import(lab, _item(name, source))[0]
    own = samples.contribution({"journey": {"companionsCount": 3}})
    _put_to_closed(lab, outcome, own)
    other = f"{name} {samples.word(2)}"
    expect.that(
        _kinds(_import(lab, _item(other, source))) == ["updated"], "a change was not brought up to date"
    )
    read = _read(lab, outcome)
    contributions = read.at("contributions")
    sections = [entry["sections"] for entry in contributions]
    told = [each["names"]["names"][0]["text"] for each in sections if "names" in each]
    expect.that(told == [other], "the record does not say what its origin says now")
    expect.that(any("journey" in each for each in sections), "a contribution of staff is lost")
    expect.that(read.at("status") == "closed", "an import took back a change of staff")
    staffs = next(entry for entry in contributions if "journey" in entry["sections"])
    named = _item(samples.word(), source)
    named["record"]["contributions"][0]["contributionId"] = staffs["contributionId"]
    _import(lab, named)
    expect.that(staffs in _read(lab, outcome).at("contributions"), "an import took a contribution of staff")


@check("imp-005", requirements=["IMP-005"])
def an_old_copy(lab: Lab) -> None:
    """An older state of an item is refused, and the newer one stays."""
    name, source = samples.word(), unique()
    outcome = _import(lab, _item(name, source))[0]
    older = _item(samples.word(), source)
    older["record"]["contributions"][0]["assertedAt"] = samples.instant(timedelta(days=-9))
    expect.that(_kinds(_import(lab, older)) == ["rejected"], "an older state of an item was taken")
    told = _read(lab, outcome).at("contributions", 0, "sections", "names", "names", 0, "text")
    expect.that(told == name, "an older state took the place of the newer one")


def _put_to_closed(lab: Lab, outcome: dict[str, Any], *more: dict[str, Any]) -> None:
    read = _read(lab, outcome)
    contributions = [*read.at("contributions"), *more]
    body = {**read.json, "status": "closed", "contributions": contributions}
    headers = {"If-Match": read.headers["etag"]}
    expect.status(lab.staff("replacePerson", body, recordId=str(outcome["recordId"]), headers=headers), 200)
