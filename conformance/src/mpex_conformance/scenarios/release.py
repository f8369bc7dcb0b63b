"""Release: asked for, decided by a person, signed, bounded, and silent about reasons."""

from datetime import UTC, datetime, timedelta
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.digests import value_digest
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire import jose
from mpex_conformance.wire.contract import schema_errors
from mpex_conformance.wire.exchange import Answer

_MOST_DAYS = timedelta(days=30)


def _statement(lab: Lab, release: Answer) -> dict[str, Any]:
    claims = jose.verified(str(release.at("statement")), lab.jwks)
    expect.that(claims is not None, "the release is not signed by a published key of the holder")
    typ = jose.header(str(release.at("statement"))).get("typ")
    expect.that(typ == "mpex-release+jwt", "the statement has another type")
    errors = schema_errors("release-statement.json", claims)
    expect.that(not errors, f"the statement contradicts its schema at {errors[0] if errors else ''}")
    return claims or {}


@check("rel-001", requirements=["REL-001"], needs=["partner.one"])
def a_person_decides(lab: Lab) -> None:
    """Before a person has approved, there is a status and no data."""
    request = scenes.requested(lab)
    pending = lab.partner("one").call("getReleaseRequest", releaseRequestId=request.id)
    expect.that(
        expect.status(pending, 200).at("state") == "pending", "the request is decided without a person"
    )
    for _ in range(2):
        early = expect.problem(scenes.collect(lab, request), 404, why="nobody has decided")
        expect.absent(early, [request.hit.known.name], "data before the approval")
    scenes.decide(lab, request)
    expect.status(scenes.collect(lab, request), 200, why="approved")


@check("rel-002", requirements=["REL-002"], needs=["partner.one", "partner.two"])
def foreign_references(lab: Lab) -> None:
    """A hit reference of another partner is unknown, and so is its request."""
    found = scenes.hit(lab)
    two = lab.partner("two")
    expect.problem(two.call("createReleaseRequest", scenes.release_request(found)), 404, "notFound")
    request = scenes.requested(lab, found)
    for operation_id in ("getReleaseRequest", "collectRelease"):
        answer = two.call(operation_id, releaseRequestId=request.id)
        expect.problem(answer, 404, "notFound", why="request of another partner")


@check("rel-003", requirements=["REL-003"], needs=["partner.one"])
def signed_and_bounded(lab: Lab) -> None:
    """A release is signed by the holder, for this recipient, and ends within 30 days."""
    _, release = scenes.released(lab)
    claims = _statement(lab, release)
    expect.that(claims["iss"] == lab.node_id, "the release is not of the holder")
    expect.that(claims["aud"] == lab.partner("one").identity.node_id, "the release is for somebody else")
    end = datetime.fromisoformat(claims["validUntil"])
    life = end - datetime.fromtimestamp(claims["iat"], UTC)
    expect.that(timedelta(0) < life <= _MOST_DAYS, "the release lasts longer than 30 days")


@check("rel-004", requirements=["REL-004"], needs=["partner.one"])
def purpose_obligations_digests(lab: Lab) -> None:
    """A release carries purpose, obligations and a right digest for each value, and no other data."""
    request, release = scenes.released(lab)
    claims = _statement(lab, release)
    expect.that(claims["purpose"] == scenes.PURPOSE, "the release has another purpose")
    expect.that(claims["caseReference"] == request.hit.case, "the release is for another case")
    expect.that(claims["origin"]["record"] == request.hit.known.record, "the origin is another record")
    disclosures = release.at("disclosures")
    expect.that(disclosures and set(disclosures) == set(claims["digests"]), "digests and categories differ")
    for category, content in disclosures.items():
        right = sorted(value_digest(entry) for entry in content["values"])
        expect.that(sorted(claims["digests"][category]) == right, f"the digests of {category} are not right")


@check("rel-005", requirements=["REL-005"], needs=["partner.one"])
def no_reasons(lab: Lab) -> None:
    """A refused partner learns that it was refused, and nothing of the cause or the note."""
    note, states = samples.word(8), []
    for cause in ("safety", "notPlausible"):
        request = scenes.requested(lab)
        scenes.decide(lab, request, decision="refuse", cause=cause, note=note)
        status = lab.partner("one").call("getReleaseRequest", releaseRequestId=request.id)
        expect.that(expect.status(status, 200).at("state") == "refused", "the refusal is not told")
        collected = expect.problem(scenes.collect(lab, request), 404, why="refused")
        for answer in (status, collected):
            expect.absent(answer, [note, cause], "why a release was refused")
        states.append(status.json)
    expect.that(expect.equal_form(*states), "the form of the status tells the cause")


@check("rel-006", requirements=["REL-006"], needs=["partner.one"])
def approved_categories_only(lab: Lab) -> None:
    """A reduced approval releases what was approved and nothing more."""
    request = scenes.requested(lab)
    scenes.decide(lab, request, decision="approveReduced", categories=["existence", "summary"])
    release = expect.status(scenes.collect(lab, request), 200)
    expect.that(set(release.at("disclosures")) <= {"existence", "summary"}, "more was released than approved")
    expect.that(
        set(_statement(lab, release)["digests"]) <= {"existence", "summary"}, "more digests than approved"
    )
    expect.absent(release, [request.hit.known.name], "a name that was not approved")
    widened = scenes.requested(lab, scenes.hit(lab, scenes.known(lab, [samples.grant([scenes.PURPOSE])])))
    body = {"decision": "approveReduced", "categories": ["existence", "dna"]}
    answer = lab.staff("decideReleaseCase", body, releaseRequestId=widened.id)
    if answer.status == 200:
        given = expect.status(scenes.collect(lab, widened), 200).at("disclosures")
        expect.that("dna" not in given, "an approval went beyond the consent")
    else:
        expect.that(answer.status in (409, 422), "an approval beyond the consent ended in another error")


@check("rel-007", requirements=["REL-007"], needs=["partner.one"])
def provenance_travels(lab: Lab) -> None:
    """A recipient can tell what was stated from what was presumed, by whom of several and when."""
    name, presumed = scenes.fictitious_name(), scenes.fictitious_name()
    basis = scenes.directive(lab, [samples.grant([scenes.PURPOSE])])
    other = samples.instant(timedelta(days=-2))
    guess = {"names": samples.sections(presumed)["names"]}
    entries = [
        samples.contribution(samples.sections(name), basis),
        samples.contribution(guess, basis, certainty="presumed", assertedAt=other),
    ]
    record = lab.create("createPerson", samples.person(entries))
    _, release = scenes.released(lab, scenes.hit(lab, scenes.Known(name, record["recordId"], basis)))
    members = ("contributionId", "assertedAt", "certainty")
    expected = [
        {**{member: entry[member] for member in members}, "value": entry["sections"]["names"]}
        for entry in record["contributions"]
    ]
    given = [
        {member: value for member, value in entry.items() if member != "salt"}
        for entry in release.at("disclosures", "names", "values")
    ]
    expect.that(
        sorted(given, key=str) == sorted(expected, key=str),
        "a value does not tell whose account it is, from when, or how certain",
    )
