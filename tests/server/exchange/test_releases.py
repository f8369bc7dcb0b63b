"""Release requests at the holder: who may ask, who decides, what is handed out, and what a partner learns."""

from datetime import timedelta
from typing import Any

import pytest
from mpex_server.kit import base64url, jws
from mpex_server.release_requests import statements
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import made, permit, record, search
from tests.server.records import samples
from tests.server.world import World

PATH = "/v1/release-requests"
CASES = "/v1/release-cases"
Body = dict[str, Any]


def ask(**members: Any) -> Body:
    return {
        "caseReference": "case-1",
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "releaseSet": "identity",
        "reason": "The family gave a description that fits.",
    } | members


def hit(world: World, partner: str = "one", **members: Any) -> str:
    """Return a hit reference that the node gives to a partner."""
    answer = made(world.call(partner, "POST", "/v1/searches", search(**members)), 200)
    return str(answer["hits"][0]["reference"])


def requested(world: World, **members: Any) -> Body:
    return made(world.call("one", "POST", PATH, ask(hitReference=hit(world), **members)), 202)


def decide(world: World, request: Body, decision: str, status: int = 200, **members: Any) -> Body:
    path = f"{CASES}/{request['releaseRequestId']}/decision"
    return made(world.call("releaseOfficer", "POST", path, {"decision": decision, **members}), status)


def collect(world: World, request: Body, partner: str = "one", **details: Any) -> Any:
    return world.call(partner, "GET", f"{PATH}/{request['releaseRequestId']}/release", **details)


@pytest.fixture
def held(world: World) -> str:
    return record(world, permit(world, sets=["identity"]))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", PATH),
        ("GET", f"{PATH}/releaseRequest:{'a' * 26}"),
        ("GET", f"{PATH}/releaseRequest:{'a' * 26}/release"),
        ("GET", CASES),
        ("GET", f"{CASES}/releaseRequest:{'a' * 26}"),
        ("POST", f"{CASES}/releaseRequest:{'a' * 26}/decision"),
    ],
)
def test_strangers_and_wrong_roles_are_refused(world: World, method: str, path: str) -> None:
    assert world.raw(method, path).status_code == 401
    wrong = ["auditor", "one" if path.startswith(CASES) else "releaseOfficer"]
    for name in wrong:
        refused = world.call(name, method, path, ask() if method == "POST" else None)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:mpex:problem:actionNotAllowed")


@pytest.mark.usefixtures("held")
def test_a_request_waits_for_a_person_and_is_due_in_two_days(world: World) -> None:
    answer = world.call("one", "POST", PATH, ask(hitReference=hit(world)))
    request = made(answer, 202)
    assert answer.headers["location"] == f"{PATH}/{request['releaseRequestId']}"
    assert request["state"] == "pending"
    assert request["dueAt"] == "2026-11-23T10:00:00Z"
    assert request["escalated"] is False
    (task,) = made(world.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"]
    assert (task["kind"], task["subject"]) == ("releaseRequest", request["releaseRequestId"])
    assert collect(world, request).status_code == 404
    world.clock.advance(timedelta(hours=48))
    shown = made(world.call("one", "GET", f"{PATH}/{request['releaseRequestId']}"), 200)
    assert (shown["state"], shown["escalated"]) == ("pending", True)


@pytest.mark.usefixtures("held")
def test_a_repeated_request_makes_one_case(world: World) -> None:
    body, key = ask(hitReference=hit(world)), "r" * 20
    first, again = (made(world.call("one", "POST", PATH, body, key=key), 202) for _ in range(2))
    assert first == again
    assert len(made(world.call("releaseOfficer", "GET", CASES), 200)["items"]) == 1


def test_whatever_is_wrong_with_a_reference_gets_one_answer(world: World, held: str) -> None:
    good = hit(world)
    lapsed = hit(world)
    refusals = [
        world.call("two", "POST", PATH, ask(hitReference=good)),
        world.call("one", "POST", PATH, ask(hitReference=good, caseReference="case-2")),
        world.call(
            "one",
            "POST",
            PATH,
            ask(hitReference=good, purpose="identifyDeceased"),
            purpose="identifyDeceased",
        ),
        world.call(
            "one", "POST", PATH, ask(hitReference=good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1])
        ),
        world.call("one", "POST", PATH, ask(hitReference="A" * 300)),
    ]
    world.clock.advance(timedelta(days=30))
    refusals.append(world.call("one", "POST", PATH, ask(hitReference=lapsed)))
    fresh = hit(world)
    with transaction(world.node.engine) as conn:
        Documents(conn, world.node.keys, world.clock).erase(held)
    refusals.append(world.call("one", "POST", PATH, ask(hitReference=fresh)))
    unknown = world.call("one", "GET", f"{PATH}/releaseRequest:{'a' * 26}")
    for refused in [*refusals, unknown]:
        assert refused.status_code == 404
        assert len(refused.content) == 4096
        assert refused.json() | {"instance": ""} == unknown.json() | {"instance": ""}


@pytest.mark.parametrize("why", ["withdrawn", "restricted", "found alive"])
def test_a_record_that_may_not_be_known_any_more_is_not_found(world: World, why: str) -> None:
    directive = permit(world, sets=["identity"])
    held = record(world, directive)
    reference = hit(world)
    if why == "withdrawn":
        made(world.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    else:
        current = world.call("registrar", "GET", f"/v1/persons/{held}")
        fate = {"value": "alive", "certaintyState": "confirmed", "assertedBy": "Invented Office"}
        changed = current.json() | ({"status": "restricted"} if why == "restricted" else {"fate": fate})
        made(
            world.call("registrar", "PUT", f"/v1/persons/{held}", changed, match=current.headers["etag"]), 200
        )
    assert world.call("one", "POST", PATH, ask(hitReference=reference)).status_code == 404


def test_the_officer_sees_the_case_and_what_consent_permits(world: World, held: str) -> None:
    request = requested(world, categories=["contact"])
    case = made(world.call("releaseOfficer", "GET", f"{CASES}/{request['releaseRequestId']}"), 200)
    assert case["record"] == held
    assert case["partner"] == world.identities["one"].client_id
    assert case["partnerName"] == "Partner of the tests"
    assert case["reason"] == ask()["reason"]
    assert "contact" in case["requestedCategories"]
    assert case["permittedCategories"] == ["birth", "existence", "identity", "names", "summary"]
    listed = made(world.call("releaseOfficer", "GET", f"{CASES}?state=pending"), 200)["items"]
    assert listed == [case]
    assert made(world.call("releaseOfficer", "GET", f"{CASES}?state=refused"), 200)["items"] == []


def test_an_approved_release_is_signed_for_the_partner_with_its_conditions(world: World, held: str) -> None:
    request = requested(world)
    assert decide(world, request, "approve")["state"] == "approved"
    assert made(world.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"] == []
    shown = made(world.call("one", "GET", f"{PATH}/{request['releaseRequestId']}"), 200)
    assert shown["grantedCategories"] == ["birth", "existence", "identity", "names", "summary"]
    release = made(collect(world, request), 200)
    claims = statements.check(
        release,
        world.node.keys.public_jwks(),
        issuer=world.node.settings.node_id,
        audience=world.identities["one"].client_id,
        purpose="searchLiving",
        now=world.clock.now(),
    )
    assert claims["caseReference"] == "case-1"
    assert claims["validUntil"] == claims["obligations"]["deleteBy"] == "2026-12-21T10:00:00Z"
    assert claims["obligations"]["onward"] == "none"
    assert claims["origin"] == {
        "custodian": world.node.settings.node_id,
        "record": held,
        "version": 1,
    }
    assert (
        release["disclosures"].keys()
        == claims["digests"].keys()
        == {"existence", "names", "birth", "summary"}
    )
    (names,) = release["disclosures"]["names"]["values"]
    assert names["assertedAt"] == "2026-11-20T08:00:00Z"
    assert names["contributionId"].startswith("contribution:")
    assert names["value"]["names"][0]["text"] == "Fictia Examplová Inventada"
    assert "release" in world.events()


@pytest.mark.usefixtures("held")
def test_a_reduced_release_keeps_its_signature_and_a_changed_one_does_not(world: World) -> None:
    request = requested(world)
    decide(world, request, "approve")
    release = made(collect(world, request), 200)
    terms: Body = {
        "issuer": world.node.settings.node_id,
        "audience": world.identities["one"].client_id,
        "purpose": "searchLiving",
        "now": world.clock.now(),
    }
    jwks = world.node.keys.public_jwks()
    del release["disclosures"]["names"]
    assert statements.check(release, jwks, **terms)
    wrong: list[Body] = [{"audience": "node:" + "b" * 26}, {"purpose": "familyReunification"}]
    wrong += [{"now": terms["now"] + timedelta(days=30)}, {"now": terms["now"] - timedelta(days=1)}]
    for change in wrong:
        with pytest.raises(jws.JwsError):
            statements.check(release, jwks, **{**terms, **change})
    release["disclosures"]["birth"]["values"][0]["value"]["date"] = "1999"
    with pytest.raises(jws.JwsError):
        statements.check(release, jwks, **terms)


@pytest.mark.usefixtures("held")
def test_equal_values_have_unequal_digests(world: World) -> None:
    request = requested(world)
    decide(world, request, "approve")
    one, two = (made(collect(world, request), 200) for _ in range(2))
    same = [release["disclosures"]["names"]["values"][0]["value"] for release in (one, two)]
    assert same[0] == same[1]
    assert _digests(one)["names"] != _digests(two)["names"]
    assert len(base64url.decode(one["disclosures"]["names"]["values"][0]["salt"])) == 16


def _digests(release: Body) -> Body:
    return dict(jws.parse(release["statement"]).claims["digests"])


@pytest.mark.usefixtures("held")
def test_less_may_be_approved_than_was_asked_for(world: World) -> None:
    request = requested(world)
    case = decide(world, request, "approveReduced", categories=["birth"])
    assert (case["state"], case["grantedCategories"]) == ("approvedReduced", ["birth"])
    release = made(collect(world, request), 200)
    assert list(release["disclosures"]) == ["birth"]
    assert "Fictia" not in str(release)


@pytest.mark.usefixtures("held")
def test_consent_bounds_what_a_person_can_release(world: World) -> None:
    request = requested(world, categories=["contact"])
    case = decide(world, request, "approve")
    assert (case["state"], case["grantedCategories"]) == (
        "approvedReduced",
        ["birth", "existence", "identity", "names", "summary"],
    )
    assert "contact" not in made(collect(world, request), 200)["disclosures"]
    other = requested(world, categories=["contact"])
    refused = world.call(
        "releaseOfficer",
        "POST",
        f"{CASES}/{other['releaseRequestId']}/decision",
        {"decision": "approveReduced", "categories": ["contact"]},
    )
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:mpex:problem:conflict")


@pytest.mark.usefixtures("held")
def test_what_was_not_asked_for_cannot_be_approved(world: World) -> None:
    request = requested(world)
    path = f"{CASES}/{request['releaseRequestId']}/decision"
    body = {"decision": "approveReduced", "categories": ["dna"]}
    refused = world.call("releaseOfficer", "POST", path, body)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/categories"])


@pytest.mark.usefixtures("held")
def test_a_refusal_is_told_without_its_cause(world: World) -> None:
    request = requested(world)
    case = decide(world, request, "refuse", cause="safety", note="Kept for the file.")
    assert case["cause"] == "safety"
    told = world.call("one", "GET", f"{PATH}/{request['releaseRequestId']}")
    assert told.json()["state"] == "refused"
    for word in ("cause", "safety", "file"):
        assert word not in told.text
    assert collect(world, request).status_code == 404


@pytest.mark.usefixtures("held")
def test_a_case_is_decided_once_unless_more_was_needed(world: World) -> None:
    request = requested(world)
    assert decide(world, request, "needMore", question="Which scar?")["state"] == "needMore"
    told = made(world.call("one", "GET", f"{PATH}/{request['releaseRequestId']}"), 200)
    assert (told["state"], told["question"]) == ("needMore", "Which scar?")
    assert decide(world, request, "approve")["state"] == "approved"
    again = world.call(
        "releaseOfficer",
        "POST",
        f"{CASES}/{request['releaseRequestId']}/decision",
        {"decision": "refuse", "cause": "other"},
    )
    assert (again.status_code, again.json()["type"]) == (409, "urn:mpex:problem:conflict")


@pytest.mark.usefixtures("held")
def test_only_the_partner_that_asked_collects(world: World) -> None:
    request = requested(world)
    decide(world, request, "approve")
    assert collect(world, request, "two").status_code == 404
    refused = collect(world, request, purpose="familyReunification")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:mpex:problem:purposeNotAllowed")


@pytest.mark.usefixtures("held")
def test_a_token_for_some_categories_collects_no_others(world: World) -> None:
    few = ["existence", "summary"]
    body = ask(hitReference=hit(world))
    refused = world.call("one", "POST", PATH, body, categories=few)
    assert samples.refusal(refused) == (403, "actionNotAllowed")
    request = made(world.call("one", "POST", PATH, body), 202)
    decide(world, request, "approve")
    assert samples.refusal(collect(world, request, categories=few)) == (403, "actionNotAllowed")
    assert collect(world, request).status_code == 200


def test_consent_is_decided_again_when_a_release_is_collected(world: World) -> None:
    directive = permit(world, sets=["identity"])
    record(world, directive)
    request = requested(world)
    decide(world, request, "approve")
    made(collect(world, request), 200)
    made(world.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    assert collect(world, request).status_code == 404
    shown = made(world.call("one", "GET", f"{PATH}/{request['releaseRequestId']}"), 200)
    assert shown["state"] == "withdrawn"


def test_a_release_ends_no_later_than_the_grant_that_it_rests_on(world: World) -> None:
    grant = {
        "effect": "permit",
        "purposes": ["searchLiving"],
        "releaseSets": ["identity"],
        "recipientClasses": ["humanitarian"],
        "expires": "2026-11-25T00:00:00Z",
        "onward": "samePurpose",
    }
    exclusion = {"recipientClass": "police"}
    directive = samples.directive(grants=[grant], doNotShareWith=[exclusion])
    record(world, made(world.call("registrar", "POST", "/v1/directives", directive))["directiveId"])
    request = requested(world)
    decide(world, request, "approve")
    claims = jws.parse(made(collect(world, request), 200)["statement"]).claims
    assert claims["validUntil"] == "2026-11-25T00:00:00Z"
    assert claims["obligations"] == {
        "deleteBy": "2026-11-25T00:00:00Z",
        "onward": "samePurpose",
        "doNotShareWith": [exclusion],
    }
    world.clock.advance(timedelta(days=4))
    assert collect(world, request).status_code == 404


def test_members_without_a_category_are_never_released(world: World) -> None:
    directive = permit(world, sets=["identity"])
    sections = {"names": {"names": [{"text": "Fictia Examplová Inventada"}], "localTone": "low"}}
    sections |= {"birth": {"date": "2003-04-05"}, "summary": {"sex": "female"}}
    record(world, directive, sections, localNote="shelf 9")
    request = requested(world)
    decide(world, request, "approve")
    text = collect(world, request).text
    assert "localTone" not in text
    assert "shelf" not in text


@pytest.mark.usefixtures("held")
def test_a_day_of_release_requests_ends_and_what_is_not_found_counts(world: World) -> None:
    object.__setattr__(world.node.settings, "release_requests_per_day", 3)
    requested(world)
    for _ in range(2):
        assert world.call("one", "POST", PATH, ask(hitReference="A" * 64)).status_code == 404
    refused = world.call("one", "POST", PATH, ask(hitReference="A" * 64))
    assert samples.refusal(refused) == (429, "quotaExceeded")
    assert int(refused.headers["retry-after"]) > 0
    assert world.call("two", "POST", PATH, ask(hitReference="A" * 64)).status_code == 404
    assert world.events().count("refusal") == 4
