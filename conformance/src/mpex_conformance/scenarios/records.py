"""Records: what a node must accept, refuse, keep and give back."""

import unicodedata
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check

_SCRIPTS = {
    "Arab": "فكتيا مثالية",
    "Ethi": "ፊክቲያ ምሳሌ",
    "Beng": "ফিক্টিয়া উদাহরণ",
    "Cyrl": "Фиктия Примерова",
    "Hani": "虚构例子",
}


@check("rec-001", requirements=["REC-001"])
def minimum_record(lab: Lab) -> None:
    """The least record is accepted: for each type with a name, and without one."""
    for kind in ("soughtPerson", "foundAlive", "unidentifiedLiving"):
        named = {"names": {"names": [{"text": scenes.fictitious_name()}]}}
        body = samples.person([_bare(named)], kind)
        expect.status(lab.staff("createPerson", body), 201, why=f"{kind} with a name")
    nameless = samples.person([_bare({"summary": {"sex": "unknown"}})], nameUnknown=True)
    expect.status(lab.staff("createPerson", nameless), 201, why="nameUnknown")
    remains = samples.person([_bare({"physical": {"build": "medium"}})], "remainsUnit")
    expect.status(lab.staff("createRemainsUnit", remains), 201, why="remains")


def _bare(content: dict[str, Any]) -> dict[str, Any]:
    return {"contributor": "conformance", "assertedAt": samples.instant(), "sections": content}


@check("rec-002", requirements=["REC-002"])
def name_or_unknown(lab: Lab) -> None:
    """A person record with neither a name nor nameUnknown is refused."""
    body = samples.person([samples.contribution({"summary": {"sex": "unknown"}})])
    expect.problem(lab.staff("createPerson", body, wrong=True), 422)


@check("rec-003", requirements=["REC-003"])
def identifier_stays(lab: Lab) -> None:
    """The identifier is the same in every version, also one that the client chose."""
    chosen = samples.identifier("person")
    body = samples.person([samples.contribution(samples.sections(scenes.fictitious_name()))], recordId=chosen)
    created = expect.status(lab.staff("createPerson", body), 201)
    expect.that(created.at("recordId") == chosen, "the client's identifier was not kept")
    for version in _three_versions(lab, created.at("recordId"), created.headers.get("etag", ""), body):
        expect.that(version["recordId"] == chosen, "the identifier changed with the version")
    other = {**body, "recordId": samples.identifier("person")}
    etag = lab.staff("getPerson", recordId=chosen).headers.get("etag", "")
    answer = lab.staff("replacePerson", other, recordId=chosen, headers={"If-Match": etag})
    if answer.status == 200:
        expect.that(answer.at("recordId") == chosen, "a change replaced the identifier")


@check("rec-004", requirements=["REC-004"])
def versions_count(lab: Lab) -> None:
    """Each change gives the version before plus one."""
    body = samples.person([samples.contribution(samples.sections(scenes.fictitious_name()))])
    created = expect.status(lab.staff("createPerson", body), 201)
    expect.that(created.at("version") == 1, "the first version is not 1")
    versions = _three_versions(lab, created.at("recordId"), created.headers.get("etag", ""), body)
    expect.that([version["version"] for version in versions] == [2, 3, 3], "versions do not count by one")


def _three_versions(lab: Lab, record: str, etag: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    seen = []
    for status in ("closed", "open"):
        changed = {**body, "status": status}
        answer = lab.staff("replacePerson", changed, recordId=record, headers={"If-Match": etag})
        etag = expect.status(answer, 200).headers.get("etag", "")
        seen.append(answer.json)
    seen.append(expect.status(lab.staff("getPerson", recordId=record), 200).json)
    return seen


@check("rec-005", requirements=["REC-005"])
def unknown_members_survive(lab: Lab) -> None:
    """Members that the node does not know come back to its own staff unchanged."""
    extra = {"note": samples.word(), "list": [1, 2.5, None, True], "nested": {"empty": {}}}
    content = samples.sections(
        scenes.fictitious_name(), physical={"build": "medium", "conformanceExtra": extra}
    )
    entry = samples.contribution(content, conformanceExtra=extra)
    created = lab.create("createPerson", samples.person([entry], conformanceExtra=extra))
    read = expect.status(lab.staff("getPerson", recordId=created["recordId"]), 200)
    for place in (
        ("conformanceExtra",),
        ("contributions", 0, "conformanceExtra"),
        ("contributions", 0, "sections", "physical", "conformanceExtra"),
    ):
        expect.that(read.at(*place) == extra, "an unknown member was changed")


@check("rec-006", requirements=["REC-006"], needs=["partner.one"])
def uncategorised_members_stay(lab: Lab) -> None:
    """What has no data category is in no release, though staff see it."""
    marks = [samples.word(8) for _ in range(3)]
    name = scenes.fictitious_name()
    basis = scenes.directive(lab, [samples.grant([scenes.PURPOSE])])
    content = {**samples.sections(name), "conformanceSection": {"note": marks[0]}}
    entry = samples.contribution(content, basis, conformanceExtra=marks[1])
    record = lab.create("createPerson", samples.person([entry], conformanceExtra=marks[2]))
    _, release = scenes.released(lab, scenes.hit(lab, scenes.Known(name, record["recordId"], basis)))
    expect.absent(release, marks, "a member that has no data category")
    expect.that(name in release.body.decode(), "the release lacks the permitted name")


@check("rec-007", requirements=["REC-007"])
def original_script(lab: Lab) -> None:
    """A name comes back in its own script, sign by sign, whatever its order of words."""
    names = [{"text": text, "script": script} for script, text in _SCRIPTS.items()]
    decomposed = {"text": unicodedata.normalize("NFD", "Fictia Exámplová"), "script": "Latn"}
    content = {"names": {"names": [*names, decomposed]}}
    created = lab.create("createPerson", samples.person([samples.contribution(content)]))
    read = expect.status(lab.staff("getPerson", recordId=created["recordId"]), 200)
    kept = read.at("contributions", 0, "sections", "names", "names")
    expect.that(
        [(item["text"], item["script"]) for item in kept]
        == [(item["text"], item["script"]) for item in content["names"]["names"]],
        "a name lost its script, its order or a sign",
    )


@check("rec-008", requirements=["REC-008"])
def absent_is_not_unknown(lab: Lab) -> None:
    """A mark looked for and not found stays apart from a mark that nobody looked for."""
    absent = {"kind": "tattoo", "bodyLocation": "left arm", "observed": False}
    seen = {"kind": "scar", "bodyLocation": "chin", "observed": True}
    records = []
    for physical in ({"marks": [absent, seen]}, {"marks": [seen]}):
        content = samples.sections(scenes.fictitious_name(), physical=physical)
        created = lab.create("createPerson", samples.person([samples.contribution(content)]))
        read = expect.status(lab.staff("getPerson", recordId=created["recordId"]), 200)
        records.append(read.at("contributions", 0, "sections", "physical", "marks"))
    expect.that(records == [[absent, seen], [seen]], "examined and absent is not kept apart from unknown")
