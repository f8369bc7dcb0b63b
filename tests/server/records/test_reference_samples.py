"""Reference samples at the node: the donor's directive, the person they were given for, and comparability."""

from typing import Any

from mpex_server.domain.dna import LOCI, shared_loci
from mpex_server.kit.ids import new_id

from tests.server.records import samples
from tests.server.world import World

PATH = "/v1/reference-samples"


def person(world: World) -> str:
    return str(samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"])


def directive(world: World, subject: str = "donor") -> str:
    body = samples.directive(dataSubject=subject, givenBy={"authority": "self"})
    return str(samples.made(world, "registrar", "/v1/directives", body)["directiveId"])


def places(world: World, **members: Any) -> list[str]:
    body = samples.reference_sample(members.pop("person", None) or person(world), **members)
    refused = world.call("registrar", "POST", PATH, body)
    assert samples.refusal(refused) == (422, "ruleViolation")
    return samples.pointers(refused)


def test_a_sample_names_what_this_node_holds_and_a_donors_directive(world: World) -> None:
    assert places(world, person=new_id("person")) == ["/person"]
    assert places(world, donorDirective=new_id("directive")) == ["/donorDirective"]
    assert places(world, donorDirective=directive(world, "soughtPerson")) == ["/donorDirective"]
    stray = [{"remains": new_id("remains"), "result": "supports"}]
    assert places(world, comparisons=stray) == ["/comparisons/0/remains"]


def test_a_record_names_no_sample_that_is_gone_or_given_for_another(world: World) -> None:
    own, other = person(world), person(world)
    gone, strange = (
        samples.made(world, "registrar", PATH, samples.reference_sample(name))["sampleId"]
        for name in (own, other)
    )
    samples.erase(world, gone)
    read = world.call("registrar", "GET", f"/v1/persons/{own}")
    references = [{"kind": "referenceRelative", "sample": name} for name in (gone, strange)]
    entry = samples.contribution(sections={"dna": {"references": references}})
    body = read.json() | {"contributions": [*read.json()["contributions"], entry]}
    refused = world.call("registrar", "PUT", f"/v1/persons/{own}", body, match=read.headers["etag"])
    section = "/contributions/1/sections/dna/references"
    assert samples.pointers(refused) == [f"{section}/0/sample", f"{section}/1/sample"]


def test_a_laboratory_hears_what_it_can_compare_and_nothing_of_sets_without_published_loci(
    world: World,
) -> None:
    references = [
        {
            "kind": "direct",
            "laboratory": "Invented Laboratory",
            "laboratoryCode": "EX-7",
            "locusSet": "codis20",
        },
        {"kind": "direct", "locusSet": "yStr"},
        {"kind": "direct"},
    ]
    entry = samples.contribution(sections={"dna": {"references": references}})
    unit = samples.made(world, "registrar", "/v1/remains", samples.remains_unit(contributions=[entry]))
    given = samples.reference_sample(person(world), locusSet="ess12")
    sample = samples.made(world, "registrar", PATH, given)
    path = f"/v1/remains/{unit['recordId']}/comparability/{sample['sampleId']}"
    shown = world.call("caseWorker", "GET", path).json()["references"]
    assert [entry.get("sharedLoci") for entry in shown] == [12, None, None]
    assert shown[0]["laboratoryCode"] == "EX-7"
    assert "kind" not in shown[0]


def test_loci_in_common_do_not_depend_on_the_order_and_are_not_more_than_either_has() -> None:
    for one, own in LOCI.items():
        for other in LOCI:
            count = shared_loci(one, other)
            assert count == shared_loci(other, one)
            assert count is None or count <= len(own)
    assert shared_loci("codis20", "codis20") == 20
    assert shared_loci("codis20", "notPublished") is None
