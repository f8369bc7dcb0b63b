"""A reference to a sample leaves under its donor's directive alone, and is called back with it."""

from typing import Any

from tests.server.exchange.town import SECTIONS, made, permit, record, search
from tests.server.records import samples
from tests.server.world import World

WHY = "identifyDeceased"
SETS = ["identity", "forensic"]


def donated(world: World, directive: str, donor: str) -> str:
    """Register a person under a directive and a sample under its donor's; return the sample."""
    person = record(world, directive, {name: SECTIONS[name] for name in ("summary", "names", "birth")})
    given = samples.reference_sample(person, donorDirective=donor, laboratoryCode="EX-1")
    sample = str(samples.made(world, "registrar", "/v1/reference-samples", given)["sampleId"])
    reference = {"kind": "referenceRelative", "laboratoryCode": "EX-1", "sample": sample}
    entry = samples.contribution(sections={"dna": {"references": [reference]}}, directive=donor)
    path = f"/v1/persons/{person}"
    read = world.call("registrar", "GET", path)
    body = read.json() | {"contributions": [*read.json()["contributions"], entry]}
    made(world.call("registrar", "PUT", path, body, match=read.headers["etag"]), 200)
    return sample


def approved(world: World) -> str:
    """Let a partner find the person and ask, and let the officer approve; return the request."""
    asked = search(purpose=WHY, releaseSet="forensic")
    (hit,) = made(world.call("one", "POST", "/v1/searches", asked, purpose=WHY), 200)["hits"]
    terms = {name: asked[name] for name in ("caseReference", "purpose", "legalBasis", "releaseSet")}
    body = terms | {"hitReference": hit["reference"], "reason": "The description fits."}
    request = made(world.call("one", "POST", "/v1/release-requests", body, purpose=WHY), 202)
    path = f"/v1/release-cases/{request['releaseRequestId']}/decision"
    made(world.call("releaseOfficer", "POST", path, {"decision": "approve"}), 200)
    return str(request["releaseRequestId"])


def collected(world: World, request: str) -> dict[str, Any]:
    path = f"/v1/release-requests/{request}/release"
    return made(world.call("one", "GET", path, purpose=WHY), 200)


def donor_permits(world: World, *sets: str) -> str:
    members = {"dataSubject": "donor", "givenBy": {"authority": "self"}}
    return permit(world, sets=[*sets], purposes=[WHY], **members) if sets else bare(world, members)


def bare(world: World, members: dict[str, Any]) -> str:
    body = samples.directive(grants=[], **members)
    return str(samples.made(world, "registrar", "/v1/directives", body)["directiveId"])


def test_a_sample_is_released_under_its_donors_directive(world: World) -> None:
    donor = donor_permits(world, "forensic")
    sample = donated(world, permit(world, sets=SETS), donor)
    released = collected(world, approved(world))
    assert sample in str(released["disclosures"]["dna"])


def test_what_the_family_permits_does_not_speak_for_the_donor(world: World) -> None:
    sample = donated(world, permit(world, sets=SETS), donor_permits(world))
    released = world.call("one", "GET", f"/v1/release-requests/{approved(world)}/release", purpose=WHY)
    assert released.status_code == 200
    assert "dna" not in released.json()["disclosures"]
    assert sample not in released.text


def test_a_donor_who_withdraws_calls_back_every_reference_and_stops_the_laboratory(world: World) -> None:
    donor = donor_permits(world, "forensic")
    sample = donated(world, permit(world, sets=SETS), donor)
    request = approved(world)
    collected(world, request)
    for _ in range(2):
        made(world.call("registrar", "POST", f"/v1/directives/{donor}/withdrawals", {}))
    recalls = made(world.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert recalls[0]["directive"] == donor
    again = world.call("one", "GET", f"/v1/release-requests/{request}/release", purpose=WHY)
    assert sample not in again.text
    waiting = made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    told = [task["subject"] for task in waiting if task["kind"] == "laboratoryInstruction"]
    assert told == [sample]
