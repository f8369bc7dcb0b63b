"""Reference samples: the donor's say alone, no profile, no kinship that nobody claimed."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check

BROKEN_RULE = "ruleViolation"


def sample(person: str, **members: Any) -> dict[str, Any]:
    """Return a reference sample of a mother."""
    return {
        "donor": "donor-1",
        "person": person,
        "claimedRelationship": "mother",
        "synthetic": True,
        **members,
    }


def donor_directive(lab: Lab) -> str:
    """Return the directive of a donor who permits everything that an identity search shows, and DNA."""
    grant = samples.grant([scenes.PURPOSE], categories=["dna"])
    return scenes.directive(lab, [grant], "self", dataSubject="donor")


def named(sample_id: str, directive: str | None) -> dict[str, Any]:
    """Return a contribution that names a sample."""
    reference = {"kind": "referenceRelative", "laboratory": "Fictia Laboratory", "sample": sample_id}
    return samples.contribution({"dna": {"references": [reference]}}, directive)


def _unit(references: list[dict[str, Any]]) -> dict[str, Any]:
    return samples.person([samples.contribution({"dna": {"references": references}})], "remainsUnit")


@check("samp-001", requirements=["SAMP-001"])
def no_profiles(lab: Lab) -> None:
    """Where a genetic profile could be written, nothing is taken that the schema does not name."""
    person = scenes.known(lab).record
    profile = {"alleles": {"TH01": ["6", "9.3"]}}
    refused = lab.staff("createReferenceSample", {**sample(person), **profile}, wrong=True)
    expect.problem(refused, 422, "schemaViolation")
    comparison = {"remains": samples.identifier("remains"), "result": "supports", **profile}
    for section in ({"references": [{"kind": "direct", **profile}]}, {"references": [], **profile}):
        body = samples.person([samples.contribution({"dna": section})], "remainsUnit")
        expect.problem(lab.staff("createRemainsUnit", body, wrong=True), 422, "schemaViolation")
    refused = lab.staff("createReferenceSample", sample(person, comparisons=[comparison]), wrong=True)
    expect.problem(refused, 422, "schemaViolation")
    expect.status(lab.staff("createReferenceSample", sample(person)), 201, why="without a profile")


@check("samp-002", requirements=["SAMP-002"])
def donors_speak_for_samples(lab: Lab) -> None:
    """A record names a sample only under the donor's directive, and only of the person it was given for."""
    known, other = scenes.known(lab), scenes.known(lab)
    donor = donor_directive(lab)
    given = lab.create("createReferenceSample", sample(known.record, donorDirective=donor))["sampleId"]
    for record, directive, status in (
        (known.record, known.directive, 422),
        (known.record, None, 422),
        (other.record, donor, 422),
        (known.record, donor, 200),
    ):
        read = expect.status(lab.staff("getPerson", recordId=record), 200)
        body = {**read.json, "contributions": [*read.at("contributions"), named(given, directive)]}
        tag = {"If-Match": read.headers.get("etag", "")}
        expect.status(lab.staff("replacePerson", body, recordId=record, headers=tag), status)


@check("samp-003", requirements=["SAMP-003"])
def samples_stay_where_they_are(lab: Lab) -> None:
    """A sample keeps its donor's directive and the person that it was given for."""
    person, donor = scenes.known(lab).record, donor_directive(lab)
    made = expect.status(lab.staff("createReferenceSample", sample(person, donorDirective=donor)), 201)
    tag, identifier = {"If-Match": made.headers.get("etag", "")}, str(made.at("sampleId"))
    for change in ({"person": scenes.known(lab).record}, {"donorDirective": donor_directive(lab)}):
        body = {**made.json, **change}
        answer = lab.staff("replaceReferenceSample", body, sampleId=identifier, headers=tag)
        expect.problem(answer, 422, BROKEN_RULE)
    body = {**made.json, "laboratory": "Fictia Laboratory"}
    answer = lab.staff("replaceReferenceSample", body, sampleId=identifier, headers=tag)
    expect.status(answer, 200, why="another change")


@check("samp-004", requirements=["SAMP-004"])
def laboratories_are_told(lab: Lab) -> None:
    """When a donor withdraws, a task tells the staff to instruct the laboratory."""
    person, donor = scenes.known(lab).record, donor_directive(lab)
    given = [
        lab.create("createReferenceSample", sample(person, donorDirective=donor))["sampleId"]
        for _ in range(2)
    ]
    scenes.withdraw(lab, donor)
    found = [item["subject"] for item in scenes.tasks(lab) if item["kind"] == "laboratoryInstruction"]
    expect.that(set(given) <= set(found), "there is no task for a sample whose donor has withdrawn")


@check("samp-005", requirements=["SAMP-005"])
def only_what_was_claimed(lab: Lab) -> None:
    """A comparison says whether it supports the claimed relationship, and no other kinship."""
    person, unit = scenes.known(lab).record, lab.create("createRemainsUnit", _unit([]))["recordId"]
    for result, status in (
        ("supports", 201),
        ("doesNotSupport", 201),
        ("inconclusive", 201),
        ("halfSibling", 422),
        ("notTheMother", 422),
    ):
        body = sample(person, comparisons=[{"remains": unit, "result": result}])
        answer = lab.staff("createReferenceSample", body, wrong=status == 422)
        expect.status(answer, status, why=result)


@check("samp-006", requirements=["SAMP-006"])
def families_read_no_comparisons(lab: Lab) -> None:
    """An access report tells a family nothing of comparisons."""
    known, unit = scenes.known(lab), lab.create("createRemainsUnit", _unit([]))["recordId"]
    comparison = {"remains": unit, "result": "doesNotSupport", "report": f"report-{samples.word()}"}
    made = lab.create("createReferenceSample", sample(known.record, comparisons=[comparison]))
    request = {
        "person": known.record,
        "status": "open",
        "enquirer": {"role": "family", "relationship": "sibling"},
        "collectionPoint": {"type": "fixed", "name": "Fictia Office"},
        "directives": [known.directive],
    }
    asked = lab.create("createSearchRequest", request)["requestId"]
    report = expect.status(lab.staff("getAccessReport", requestId=asked), 200)
    told = ["doesNotSupport", comparison["report"], str(made["sampleId"]), str(unit)]
    expect.absent(report, told, "a comparison of a sample")


@check("samp-007", requirements=["SAMP-007"])
def loci_in_common(lab: Lab) -> None:
    """Two sets share the loci that the published list names for both; of others nothing is said."""
    person = scenes.known(lab).record
    shared = {
        ("ess12", "codis20"): 12,
        ("ess12", "issol"): 7,
        ("codis20", "codis20"): 20,
        ("ess12", "yStr"): None,
    }
    for (own, other), count in shared.items():
        given = lab.create("createReferenceSample", sample(person, locusSet=own))["sampleId"]
        unit = lab.create("createRemainsUnit", _unit([{"kind": "direct", "locusSet": other}]))["recordId"]
        answer = expect.status(lab.staff("getComparability", recordId=unit, sampleId=given), 200)
        (reference,) = answer.at("references")
        expect.that(reference.get("sharedLoci") == count, f"{own} and {other} do not share that many loci")
