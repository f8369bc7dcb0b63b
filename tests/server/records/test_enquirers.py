"""Enquirers: found again by a code, contacted without harm, and alone with their own request."""

from datetime import UTC, datetime
from typing import Any

import pytest
from mpex_server.domain import recovery_codes, safe_contact
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.records import samples
from tests.server.records.samples import Body
from tests.server.world import World

REQUESTS = "/v1/search-requests"
RECOVERY = f"{REQUESTS}/recovery"


def registered(world: World, **members: Any) -> str:
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    request = samples.search_request(person, **members)
    return str(samples.made(world, "registrar", REQUESTS, request)["requestId"])


def issued(world: World, request: str) -> str:
    made = world.call("registrar", "POST", f"{REQUESTS}/{request}/recovery-code")
    assert made.status_code == 201, made.text
    return str(made.json()["code"])


def test_a_code_finds_its_request_at_another_service_point_and_is_replaced(world: World) -> None:
    request = registered(world, safeContact={"channel": "servicePoint"})
    first = issued(world, request)
    found = world.call("caseWorker", "POST", RECOVERY, {"code": first.lower().replace("-", " ")})
    assert found.status_code == 200, found.text
    assert found.json()["requestId"] == request
    assert found.json()["safeContact"] == {"channel": "servicePoint"}
    assert samples.refusal(world.call("caseWorker", "POST", RECOVERY, {"code": first})) == (404, "notFound")
    again = world.call("registrar", "POST", RECOVERY, {"code": found.json()["code"]})
    assert again.json()["requestId"] == request


def test_a_new_code_ends_the_one_before(world: World) -> None:
    request = registered(world)
    first, second = issued(world, request), issued(world, request)
    assert world.call("caseWorker", "POST", RECOVERY, {"code": first}).status_code == 404
    assert world.call("caseWorker", "POST", RECOVERY, {"code": second}).status_code == 200


def test_a_repeated_answer_and_the_database_show_no_code(world: World) -> None:
    request, key = registered(world), "recovery-key-0001"
    path = f"{REQUESTS}/{request}/recovery-code"
    code = world.call("registrar", "POST", path, key=key).json()["code"]
    repeated = world.call("registrar", "POST", path, key=key)
    assert repeated.status_code == 201
    assert "code" not in repeated.json()
    used = world.call("caseWorker", "POST", RECOVERY, {"code": code}, key=key).json()
    assert "code" not in world.call("caseWorker", "POST", RECOVERY, {"code": code}, key=key).json()
    with transaction(world.node.engine, write=False) as conn:
        kept = str(conn.execute(select(t.source_key)).all())
    assert code not in kept
    assert used["code"] not in kept


def test_guessing_ends_after_ten_wrong_codes_and_begins_anew_after_an_hour(world: World) -> None:
    code = issued(world, registered(world))
    wrong = [recovery_codes.make(bytes([number]) * 15) for number in range(10)]
    for guess in wrong:
        assert world.call("caseWorker", "POST", RECOVERY, {"code": guess}).status_code == 404
    refused = world.call("caseWorker", "POST", RECOVERY, {"code": code})
    assert samples.refusal(refused) == (429, "quotaExceeded")
    assert world.call("registrar", "POST", RECOVERY, {"code": wrong[0]}).status_code == 404
    world.advance(hours=1, seconds=1)
    assert world.call("caseWorker", "POST", RECOVERY, {"code": code}).status_code == 200


def test_a_slip_of_the_pen_is_told_and_not_counted(world: World) -> None:
    code = issued(world, registered(world))
    slip = ("A" if code[0] != "A" else "B") + code[1:]
    for _ in range(11):
        refused = world.call("caseWorker", "POST", RECOVERY, {"code": slip})
        assert samples.refusal(refused) == (422, "ruleViolation")
    assert world.call("caseWorker", "POST", RECOVERY, {"code": code}).status_code == 200


RULES: Body = {
    "channel": "phone",
    "safeHours": [{"days": ["saturday"], "from": "12:00", "to": "13:00"}, {"from": "22:00", "to": "02:00"}],
    "timeZone": "Asia/Tokyo",
    "wordsToAvoid": "office",
}


@pytest.mark.parametrize(
    ("wait", "channel", "safe"),
    [
        (0, "phone", False),  # Saturday, 19:00 in Tokyo
        (4, "phone", True),  # 23:00
        (4, "email", False),
        (6.5, "phone", True),  # Sunday, 01:30
        (7, "phone", False),  # 02:00
        (17.5, "phone", False),  # Sunday, 12:30
    ],
)
def test_a_contact_is_cleared_by_the_safe_channel_at_a_safe_hour(
    world: World, wait: float, channel: str, safe: bool
) -> None:
    request = registered(world, safeContact=RULES)
    world.advance(hours=wait)
    path = f"{REQUESTS}/{request}/contacts"
    answer = world.call("caseWorker", "POST", path, {"channel": channel})
    if safe:
        assert answer.json()["outsideRules"] is False
        assert [rules["wordsToAvoid"] for rules in answer.json()["rules"]] == ["office"]
    else:
        assert samples.refusal(answer) == (409, "unsafeContact")
        given = {"channel": channel, "reason": "The hospital asks within the hour."}
        assert world.call("caseWorker", "POST", path, given).json()["outsideRules"] is True
        assert world.leaves()[-1]["outcome"] == "outsideRules"


def test_a_time_zone_that_is_none_is_refused(world: World) -> None:
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    body = samples.search_request(person, safeContact={"channel": "phone", "timeZone": "Sea/Nowhere"})
    refused = world.call("registrar", "POST", REQUESTS, body)
    assert samples.refusal(refused) == (422, "ruleViolation")
    assert samples.pointers(refused) == ["/safeContact/timeZone"]
    body = samples.reachable(timeZone="Sea/Nowhere")
    refused = world.call("registrar", "POST", "/v1/persons", body)
    assert samples.refusal(refused) == (422, "ruleViolation")
    assert samples.pointers(refused) == ["/contributions/0/sections/contact/timeZone"]


def test_a_person_is_contacted_as_every_account_says_it_is_safe(world: World) -> None:
    accounts = [{"channel": "phone", "leaveNoMessage": True}, RULES]
    body = samples.person(
        contributions=[samples.contribution(sections={"contact": rules}) for rules in accounts],
        nameUnknown=True,
    )
    person = samples.made(world, "registrar", "/v1/persons", body)["recordId"]
    path = f"/v1/persons/{person}/contacts"
    for channel, faults in (("phone", ["/reason"]), ("email", ["/channel", "/reason"])):
        refused = world.call("caseWorker", "POST", path, {"channel": channel})
        assert samples.refusal(refused) == (409, "unsafeContact")
        assert samples.pointers(refused) == faults
    world.advance(hours=4)
    cleared = world.call(
        "caseWorker", "POST", path, {"channel": "phone"}, headers={"Idempotency-Key": "k" * 22}
    )
    assert (cleared.json()["outsideRules"], cleared.json()["rules"]) == (False, accounts)
    again = world.call(
        "caseWorker", "POST", path, {"channel": "phone"}, headers={"Idempotency-Key": "k" * 22}
    )
    assert again.json() == cleared.json()
    given = {"channel": "email", "reason": "The hospital asks within the hour."}
    assert world.call("caseWorker", "POST", path, given).json()["outsideRules"] is True
    assert world.leaves()[-1]["outcome"] == "outsideRules"
    unlimited = ["summary", "names"]
    hidden = world.call("caseWorker", "POST", path, {"channel": "phone"}, categories=unlimited)
    assert samples.refusal(hidden)[0] == 403


def test_no_hour_is_safe_in_a_time_zone_that_is_not_known() -> None:
    rules = {"channel": "phone", "timeZone": "Sea/Nowhere", "safeHours": [{"from": "00:00", "to": "00:00"}]}
    assert list(safe_contact.broken(rules, "phone", datetime(2026, 11, 21, 10, tzinfo=UTC))) == ["safeHours"]


def test_an_enquirer_cannot_see_that_others_ask(world: World) -> None:
    request = registered(world)
    code = issued(world, request)
    before = world.call("registrar", "GET", f"{REQUESTS}/{request}/view")
    person = world.call("registrar", "GET", f"{REQUESTS}/{request}").json()["person"]
    samples.made(world, "registrar", REQUESTS, samples.search_request(person))
    assert world.call("registrar", "GET", f"{REQUESTS}/{request}/view").content == before.content
    found = world.call("caseWorker", "POST", RECOVERY, {"code": code}).json()
    assert {name: value for name, value in found.items() if name != "code"} == before.json()


def test_a_death_freezes_what_the_enquirer_laid_down_until_others_ask(world: World) -> None:
    given = samples.made(world, "registrar", "/v1/directives", samples.directive())["directiveId"]
    court = samples.directive(givenBy={"authority": "court"}, dataSubject="soughtPerson")
    ordered = samples.made(world, "registrar", "/v1/directives", court)["directiveId"]
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    body = samples.search_request(person, directives=[given, ordered], safeContact={"channel": "phone"})
    request = samples.made(world, "registrar", "/v1/search-requests", body)["requestId"]
    path = f"/v1/search-requests/{request}"
    early = world.call("registrar", "POST", f"{path}/enquirer-death", {"at": "2027-01-01T00:00:00Z"})
    assert samples.refusal(early) == (422, "ruleViolation")
    at = {"at": "2026-11-20T08:00:00Z"}
    told = world.call("registrar", "POST", f"{path}/enquirer-death", at)
    assert told.status_code == 201
    assert told.json()["enquirerDiedAt"] == at["at"]
    again = world.call("registrar", "POST", f"{path}/enquirer-death", at)
    assert samples.refusal(again) == (409, "conflict")
    frozen = [world.call("registrar", "GET", f"/v1/directives/{name}").json() for name in (given, ordered)]
    assert [entry.get("frozenAt") for entry in frozen] == [at["at"], None]

    contact = {"channel": "phone"}
    assert world.call("caseWorker", "POST", f"{path}/contacts", contact).status_code == 409
    read = world.call("registrar", "GET", path)
    same = world.call("registrar", "PUT", path, read.json(), match=read.headers["etag"])
    assert same.json()["enquirerDiedAt"] == at["at"]
    heir = read.json() | {"enquirer": {"role": "friend"}}
    changed = world.call("registrar", "PUT", path, heir, match=same.headers["etag"])
    assert "enquirerDiedAt" not in changed.json()
    assert world.call("caseWorker", "POST", f"{path}/contacts", contact).status_code == 201


@pytest.mark.parametrize(
    ("given", "members", "status"),
    [
        ({"givenBy": {"authority": "parent"}}, {}, 201),
        ({"givenBy": {"authority": "court"}}, {}, 201),
        ({"givenBy": {"authority": "self"}}, {}, 409),
        ({"givenBy": {"authority": "parent"}, "dataSubject": "enquirer"}, {}, 409),
        ({"givenBy": {"authority": "guardian", "validUntil": "2026-11-20T00:00:00Z"}}, {}, 409),
        (None, {}, 409),
        (None, {"asksOnly": True}, 201),
        (None, {"bestInterests": {"decider": "Example Youth Office", "reason": "She was assessed."}}, 201),
        (None, {"bestInterests": {"decider": "Example Youth Office"}}, 422),
        (None, {"asksOnly": False}, 422),
    ],
)
def test_who_reports_a_child_is_told_nothing_without_authority(
    world: World, given: Body | None, members: Body, status: int
) -> None:
    request = _asks_for_a_child(world, given)
    answer = world.call("caseWorker", "POST", f"{request}/contacts", {"channel": "phone"} | members)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("end", ["withdrawals", "freeze"])
def test_authority_over_a_child_ends_with_its_directive(world: World, end: str) -> None:
    request = _asks_for_a_child(world, {"givenBy": {"authority": "parent"}})
    contact = {"channel": "phone"}
    assert world.call("caseWorker", "POST", f"{request}/contacts", contact).status_code == 201
    (given,) = world.call("registrar", "GET", request).json()["directives"]
    samples.made(world, "registrar", f"/v1/directives/{given}/{end}", {})
    refused = world.call("caseWorker", "POST", f"{request}/contacts", contact)
    assert samples.refusal(refused) == (409, "conflict")
    assert "bestInterests" in refused.json()["detail"]


def _asks_for_a_child(world: World, given: Body | None) -> str:
    """Return the path of the request of somebody who asks for a child and gave a directive, if any."""
    told = samples.directive(**({"dataSubject": "soughtPerson"} | given)) if given else None
    named = [samples.made(world, "registrar", "/v1/directives", told)["directiveId"]] if told else []
    child = samples.person()
    child["contributions"][0]["sections"] |= {"birth": {"date": "2012"}}
    person = samples.made(world, "registrar", "/v1/persons", child)["recordId"]
    body = samples.search_request(person, directives=named)
    return f"{REQUESTS}/{samples.made(world, 'registrar', REQUESTS, body)['requestId']}"
