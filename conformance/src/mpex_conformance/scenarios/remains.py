"""Remains: inventories that fit their numbers, custody that is never rewritten, one identity at a time."""

import json
from datetime import timedelta
from typing import Any

import mpex_spec

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer

LEFT_THIGH = {"region": "thigh", "side": "left", "complete": True}
BROKEN_RULE = "ruleViolation"


def unit(**members: Any) -> dict[str, Any]:
    """Return a remains unit."""
    return samples.person([samples.contribution({"physical": {"build": "medium"}})], "remainsUnit", **members)


def changed(lab: Lab, record: str, **members: Any) -> Answer:
    """Replace the newest version of a unit with some members changed."""
    read = expect.status(lab.staff("getRemainsUnit", recordId=record), 200)
    tag = {"If-Match": read.headers.get("etag", "")}
    return lab.staff("replaceRemainsUnit", {**read.json, **members}, recordId=record, headers=tag)


def identified(lab: Lab, units: list[str], person: str | None = None, state: str = "confirmed") -> Answer:
    """Ask to record an identification of a death that names a person, a new one by default."""
    body = {
        "persons": [person or scenes.known(lab).record],
        "remains": units,
        "methods": ["dna"],
        "evidence": ["laboratory report"],
        "competentAuthority": "Fictia Institute",
        "state": state,
        "conclusion": "deceased",
        "decidedAt": samples.instant(),
    }
    return lab.staff("createIdentification", body, also=scenes.ASSERTS_DEATH)


@check("rem-001", requirements=["REM-001"])
def enough_individuals(lab: Lab) -> None:
    """Two complete parts of one region and side need two individuals; two pieces need one."""
    two = [{**LEFT_THIGH, "count": 2}]
    too_few = unit(parts=two, commingled=True, minimumIndividuals=1)
    expect.problem(lab.staff("createRemainsUnit", too_few), 422, BROKEN_RULE)
    made = lab.create("createRemainsUnit", unit(parts=two, commingled=True, minimumIndividuals=2))
    refused = changed(lab, made["recordId"], parts=[*two, LEFT_THIGH])
    expect.problem(refused, 422, BROKEN_RULE, why="a third part in a change")
    pieces = [{**LEFT_THIGH, "complete": False, "count": 2}]
    expect.status(lab.staff("createRemainsUnit", unit(parts=pieces)), 201, why="pieces of one part")


@check("rem-002", requirements=["REM-002"])
def several_are_commingled(lab: Lab) -> None:
    """A unit of several individuals says that it is commingled."""
    expect.problem(lab.staff("createRemainsUnit", unit(minimumIndividuals=2)), 422, BROKEN_RULE)
    expect.status(lab.staff("createRemainsUnit", unit(minimumIndividuals=2, commingled=True)), 201)


@check("rem-003", requirements=["REM-003"])
def sets_have_no_circle(lab: Lab) -> None:
    """A unit lies neither in itself nor in one of its own parts."""
    outer = lab.create("createRemainsUnit", unit())["recordId"]
    inner = lab.create("createRemainsUnit", unit(parentSet=outer))["recordId"]
    innermost = lab.create("createRemainsUnit", unit(parentSet=inner))["recordId"]
    for target in (outer, inner, innermost):
        expect.problem(changed(lab, outer, parentSet=target), 422, BROKEN_RULE)


@check("rem-004", requirements=["REM-004"])
def custody_is_added_to(lab: Lab) -> None:
    """The custody chain takes new entries, and keeps the old ones as they are."""
    first = {"at": samples.instant(timedelta(hours=-2)), "event": "recovered", "to": "Fictia Coast Service"}
    second = {"at": samples.instant(timedelta(hours=-1)), "event": "transferred", "to": "Fictia Institute"}
    entry = samples.contribution({"custody": {"events": [first]}})
    made = lab.create("createRemainsUnit", samples.person([entry], "remainsUnit"))
    kept = made["contributions"][0]

    def with_chain(*events: dict[str, Any]) -> Answer:
        contribution = {**kept, "sections": {"custody": {"events": list(events)}}}
        return changed(lab, made["recordId"], contributions=[contribution])

    expect.status(with_chain(first, second), 200, why="an entry is added")
    altered = {**first, "to": "Fictia Morgue"}
    for events in ((altered, second), (second,), (second, first), ()):
        expect.problem(with_chain(*events), 422, BROKEN_RULE)
    other = samples.contribution({"physical": {"build": "medium"}})
    dropped = changed(lab, made["recordId"], contributions=[other])
    expect.problem(dropped, 422, BROKEN_RULE, why="the contribution is dropped")


@check("rem-005", requirements=["REM-005"])
def one_identity_for_one_individual(lab: Lab) -> None:
    """A unit of one individual is confirmed to be one person, a commingled one may be several."""
    single = lab.create("createRemainsUnit", unit())["recordId"]
    person = scenes.known(lab).record
    expect.status(identified(lab, [single], person), 201)
    expect.status(identified(lab, [single], person), 201, why="the same person once more")
    expect.problem(identified(lab, [single]), 422, BROKEN_RULE)
    doubted = expect.status(identified(lab, [single], state="preliminary"), 201, why="a preliminary one")
    tag = {"If-Match": doubted.headers.get("etag", "")}
    confirmed = {**doubted.json, "state": "confirmed"}
    identifier = str(doubted.at("identificationId"))
    answer = lab.staff(
        "replaceIdentification",
        confirmed,
        identificationId=identifier,
        headers=tag,
        also=scenes.ASSERTS_DEATH,
    )
    expect.problem(answer, 422, BROKEN_RULE, why="a preliminary one is confirmed")
    mixed = lab.create("createRemainsUnit", unit(commingled=True, minimumIndividuals=2))["recordId"]
    for _ in range(2):
        told = expect.status(identified(lab, [mixed]), 201, why="commingled").at("identificationId")
        lift = {"officer": "Fictia Examplová", "reason": "Nobody is left to be told."}
        expect.status(lab.staff("liftEmbargo", lift, identificationId=told), 201)
    expect.problem(changed(lab, mixed, commingled=False, minimumIndividuals=1), 422, BROKEN_RULE)


@check("rem-006", requirements=["REM-006"])
def identities_follow_one_another(lab: Lab) -> None:
    """After a revocation the unit can be confirmed to be somebody else, and both decisions stay on file."""
    single = lab.create("createRemainsUnit", unit())["recordId"]
    first = expect.status(identified(lab, [single]), 201)
    identifier = str(first.at("identificationId"))
    revoked = {**first.json, "state": "revoked"}
    tag = {"If-Match": first.headers.get("etag", "")}
    answer = lab.staff(
        "replaceIdentification", revoked, identificationId=identifier, headers=tag, also=scenes.ASSERTS_DEATH
    )
    expect.status(answer, 200)
    expect.status(identified(lab, [single]), 201, why="after the revocation")
    former = expect.status(lab.staff("getIdentification", identificationId=identifier), 200)
    expect.that(former.at("state") == "revoked", "the former identification is not on file any more")


def split(lab: Lab, record: str, parts: list[dict[str, Any]], **members: Any) -> Answer:
    """Ask to take parts from a unit into a unit of their own."""
    body = {"reason": "severalIndividuals", "units": [{"parts": parts}], **members}
    return lab.staff("splitRemainsUnit", body, recordId=record)


def merge(lab: Lab, record: str, others: list[str], **members: Any) -> Answer:
    """Ask to put units together with another."""
    return lab.staff("mergeRemainsUnits", {"reason": "genetic", "units": others, **members}, recordId=record)


def _read(lab: Lab, record: str) -> Answer:
    return expect.status(lab.staff("getRemainsUnit", recordId=record), 200)


def _tell(lab: Lab, identification: Answer) -> None:
    told = {
        "at": samples.instant(),
        "notifier": "trained delegate",
        "personTold": "sibling",
        "language": "fr",
        "inPerson": True,
    }
    identifier = str(identification.at("identificationId"))
    expect.status(lab.staff("recordNotification", told, identificationId=identifier), 201)


@check("rem-007", requirements=["REM-007"])
def whence_and_whither(lab: Lab) -> None:
    """A divided unit and a merged one stay under their identifiers, and each part says whence it came."""
    hand = {"region": "hand", "side": "right", "complete": True}
    whole = lab.create("createRemainsUnit", unit(parts=[LEFT_THIGH, hand]))["recordId"]
    left = expect.status(split(lab, whole, [hand]), 201)
    expect.that(left.at("recordId") == whole, "what stays has another identifier")
    expect.that(left.at("version") == 2, "what stays is not the next version")
    expect.that(left.at("parts") == [LEFT_THIGH], "what stays has other parts")
    (piece,) = left.at("splitInto")
    expect.that(_read(lab, piece).at("splitFrom") == whole, "the piece does not say whence it came")
    expect.that(_read(lab, piece).at("parts") == [hand], "the piece has other parts than were taken")
    result = expect.status(merge(lab, whole, [piece]), 201)
    expect.that(result.at("version") == 3, "the result is not the next version")
    expect.that(len(result.at("parts")) == 2, "the result has not the parts of both")
    expect.that(result.at("mergedFrom") == [piece], "the result does not say what it took up")
    expect.that(_read(lab, piece).at("mergedInto") == whole, "what was taken up does not say whither it went")


@check("rem-008", requirements=["REM-008"])
def no_part_from_nowhere(lab: Lab) -> None:
    """Parts that the inventory does not hold are not taken from it, nor more of them than there are."""
    whole = lab.create("createRemainsUnit", unit(parts=[LEFT_THIGH]))["recordId"]
    for parts in ([{"region": "head"}], [{**LEFT_THIGH, "count": 2}], [LEFT_THIGH, LEFT_THIGH]):
        numbers = {"commingled": True, "minimumIndividuals": 2}
        piece = {"reason": "sampling", "units": [{"parts": parts, **numbers}]}
        expect.problem(lab.staff("splitRemainsUnit", piece, recordId=whole), 409, "conflict")
    expect.that(_read(lab, whole).at("version") == 1, "a refusal changed the unit")
    expect.status(split(lab, whole, [LEFT_THIGH]), 201, why="the part that is there")


@check("rem-009", requirements=["REM-009"])
def denials_follow_the_parts(lab: Lab) -> None:
    """A directive over the whole of a unit is over each piece, and over the unit that takes it up."""
    denial = samples.grant([scenes.PURPOSE], effect="deny")
    court = scenes.directive(lab, [denial], "court")
    bound = lab.create("createRemainsUnit", unit(parts=[LEFT_THIGH], directives=[court]))["recordId"]
    left = expect.status(split(lab, bound, [LEFT_THIGH]), 201)
    expect.that(left.at("directives") == [court], "what stays has lost its directive")
    (piece,) = left.at("splitInto")
    expect.that(_read(lab, piece).at("directives") == [court], "the piece has lost the directive")
    free = lab.create("createRemainsUnit", unit())["recordId"]
    result = expect.status(merge(lab, free, [piece]), 201)
    expect.that(result.at("directives") == [court], "the unit that took it up is under no directive")


@check("rem-010", requirements=["REM-010"])
def merged_units_are_closed(lab: Lab) -> None:
    """A unit that was taken up is closed, and neither changed, divided nor taken up again."""
    first, second, third = (
        lab.create("createRemainsUnit", unit(parts=[LEFT_THIGH]))["recordId"] for _ in range(3)
    )
    expect.status(merge(lab, first, [second], commingled=True, minimumIndividuals=2), 201)
    expect.that(_read(lab, second).at("status") == "closed", "a merged unit is not closed")
    expect.problem(changed(lab, second, status="open"), 422, BROKEN_RULE)
    expect.problem(split(lab, second, [LEFT_THIGH]), 409, "conflict")
    again = merge(lab, third, [second], commingled=True, minimumIndividuals=2)
    expect.problem(again, 409, "conflict")


@check("rem-011", requirements=["REM-011"])
def no_refusal_tells_of_a_death(lab: Lab) -> None:
    """While a death is under embargo the unit is divided and merged like any other."""
    bound, other = (lab.create("createRemainsUnit", unit(parts=[LEFT_THIGH]))["recordId"] for _ in range(2))
    expect.status(identified(lab, [bound]), 201)
    expect.status(split(lab, bound, [LEFT_THIGH]), 201, why="under embargo")
    numbers = {"commingled": True, "minimumIndividuals": 2}
    expect.status(merge(lab, other, [bound], **numbers), 201, 200, why="under embargo")


@check("rem-012", requirements=["REM-012"])
def different_people_stay_apart(lab: Lab) -> None:
    """Units of two confirmed persons are put together only as commingled."""
    one, other = (lab.create("createRemainsUnit", unit())["recordId"] for _ in range(2))
    for record in (one, other):
        _tell(lab, expect.status(identified(lab, [record]), 201))
    expect.problem(merge(lab, one, [other]), 422, BROKEN_RULE)
    expect.status(merge(lab, one, [other], commingled=True, minimumIndividuals=2), 201)


@check("rem-013", requirements=["REM-013"])
def teeth_go_forward(lab: Lab) -> None:
    """Findings on teeth go together as the vectors say: time explains, and nothing goes back."""
    vectors = json.loads((mpex_spec.root() / "vectors" / "dental" / "teeth.json").read_text("utf-8"))["cases"]
    numbers = [f"{quadrant}{tooth}" for quadrant in range(1, 5) for tooth in range(1, 9)]
    for start in range(0, len(vectors), len(numbers)):
        cases = dict(zip(numbers, vectors[start:], strict=False))
        in_life, found = (
            [{"tooth": tooth, "state": case[side]} for tooth, case in cases.items()]
            for side in ("inLife", "afterDeath")
        )
        content = samples.sections(scenes.fictitious_name(), dental={"notation": "fdi", "teeth": in_life})
        person = lab.create("createPerson", samples.person([samples.contribution(content)]))["recordId"]
        entry = samples.contribution({"dental": {"notation": "fdi", "teeth": found}})
        record = lab.create("createRemainsUnit", samples.person([entry], "remainsUnit"))["recordId"]
        answer = lab.staff("getDentalComparison", recordId=record, personId=person)
        said = {item["tooth"]: item["comparison"] for item in expect.status(answer, 200).at("teeth")}
        wanted = {tooth: case["comparison"] for tooth, case in cases.items() if case["comparison"]}
        wrong = [cases[tooth] for tooth in cases if said.get(tooth) != wanted.get(tooth)]
        expect.that(not wrong, f"a pair of states goes together otherwise than published: {wrong[:1]}")


@check("rem-014", requirements=["REM-014"])
def found_again(lab: Lab) -> None:
    """Staff find a unit by facility, storage, burial place and each institution of its custody chain."""
    words = {name: f"Fictia {samples.word()}" for name in ("facility", "storageReference", "burialPlace")}
    parties = [f"Fictia {samples.word()}" for _ in range(3)]
    names = dict(zip(("from", "to", "party"), parties, strict=True))
    place = {name: words[name] for name in ("facility", "storageReference")}
    event = {"at": samples.instant(timedelta(hours=-1)), "event": "buried", **names}
    told = {
        "remainsLocation": {**place, "burialPlace": {"name": words["burialPlace"]}},
        "custody": {"events": [event]},
    }
    body = samples.person([samples.contribution(told)], "remainsUnit")
    record = lab.create("createRemainsUnit", body)["recordId"]
    lookups = [{name: text} for name, text in words.items()] + [{"party": name} for name in parties] + [words]
    for lookup in lookups:
        answer = expect.status(lab.staff("findRemainsUnits", lookup), 200)
        expect.that(
            [unit["recordId"] for unit in answer.at("items")] == [record],
            "a unit was not found, or others were",
        )
    other = {**words, "facility": "Fictia Nowhere"}
    answer = expect.status(lab.staff("findRemainsUnits", other), 200)
    expect.that(answer.at("items") == [], "a unit is found that lies elsewhere")
