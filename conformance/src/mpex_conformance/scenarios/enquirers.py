"""Enquirers: found again by a code, contacted without harm, alone with their own request."""

from datetime import timedelta
from typing import Any

from mpex_conformance import clock, expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check

_WRONG_CODES = 10


def _registered(lab: Lab, **members: Any) -> str:
    known = scenes.known(lab)
    return str(
        lab.create("createSearchRequest", samples.search_request(known.record, **members))["requestId"]
    )


def _issued(lab: Lab, request: str) -> str:
    return str(expect.status(lab.staff("issueRecoveryCode", requestId=request), 201).at("code"))


@check("enq-001", requirements=["ENQ-001"])
def codes_shown_once(lab: Lab) -> None:
    """A recovery code stands in no answer but the one that issued it, not even when that is repeated."""
    request = _registered(lab)
    key: dict[str, str | None] = {"Idempotency-Key": samples.word() + samples.word()}
    first = lab.staff("issueRecoveryCode", requestId=request, headers=key)
    code = str(expect.status(first, 201).at("code"))
    repeated = expect.status(lab.staff("issueRecoveryCode", requestId=request, headers=key), 201)
    expect.that("code" not in repeated.json, "the repeated answer shows a code")
    for operation in ("getSearchRequest", "getEnquirerView"):
        expect.absent(expect.status(lab.staff(operation, requestId=request), 200), [code], "a recovery code")


@check("enq-002", requirements=["ENQ-002"])
def codes_are_spent(lab: Lab) -> None:
    """A code serves once; a used, a replaced and an invented one get the same answer."""
    request = _registered(lab)
    replaced, used = _issued(lab, request), _issued(lab, request)
    found = expect.status(lab.staff("recoverSearchRequest", {"code": used}), 200)
    expect.that(found.at("requestId") == request, "the code found another request")
    wrong = {"used": used, "replaced": replaced, "invented": samples.recovery_code()}
    answers = {
        why: expect.problem(lab.staff("recoverSearchRequest", {"code": code}), 404, "notFound", why=why)
        for why, code in wrong.items()
    }
    told = {answer.json.get("detail") for answer in answers.values()}
    expect.that(len(told) == 1, "the answers differ")


@check("enq-003", requirements=["ENQ-003"])
def guessing_ends(lab: Lab) -> None:
    """After ten wrong codes of one client the eleventh is refused with 429."""
    action, usual = "requests:recover", lab.staff_for("requests:recover")
    able = [actor for actor in lab.actors.values() if actor.may(scenes.PURPOSE, action)]
    if able == [usual]:
        raise UntestableError(f"only one staff identity of the profile gets a token for {action}")
    guesser = next(actor for actor in able if actor is not usual)
    for _ in range(_WRONG_CODES):
        answer = guesser.call("recoverSearchRequest", {"code": samples.recovery_code()})
        expect.status(answer, 404, 429, why="a wrong code")
    last = guesser.call("recoverSearchRequest", {"code": samples.recovery_code()})
    expect.problem(last, 429, "quotaExceeded", why="the eleventh wrong code")


@check("enq-004", requirements=["ENQ-004"])
def safe_contact(lab: Lab) -> None:
    """A contact by another channel or at another hour is not cleared without a reason."""
    soon, later = clock.utc() + timedelta(hours=2), clock.utc() + timedelta(hours=3)
    unsafe = {"channel": "phone", "safeHours": [{"from": f"{soon:%H:%M}", "to": f"{later:%H:%M}"}]}
    at_night, by_phone = (
        _registered(lab, safeContact=unsafe),
        _registered(lab, safeContact={"channel": "phone"}),
    )
    safe = expect.status(lab.staff("clearContact", {"channel": "phone"}, requestId=by_phone), 201)
    expect.that(safe.at("outsideRules") is False, "control: a safe contact is said to break a rule")
    for why, request, channel in (("hour", at_night, "phone"), ("channel", by_phone, "email")):
        refused = lab.staff("clearContact", {"channel": channel}, requestId=request)
        expect.problem(refused, 409, "unsafeContact", why=f"another {why}")
        reasoned = {"channel": channel, "reason": "Conformance run"}
        cleared = expect.status(lab.staff("clearContact", reasoned, requestId=request), 201)
        expect.that(cleared.at("outsideRules") is True, "a contact that breaks a rule is called safe")


@check("enq-007", requirements=["ENQ-007"])
def safe_contact_of_persons(lab: Lab) -> None:
    """A contact with a person that one of two accounts calls unsafe is not cleared without a reason."""
    soon, later = clock.utc() + timedelta(hours=2), clock.utc() + timedelta(hours=3)
    at_night = {"safeHours": [{"from": f"{soon:%H:%M}", "to": f"{later:%H:%M}"}]}
    for why, rules in (("hour", at_night), ("channel", {"channel": "servicePoint"})):
        accounts = [samples.contribution({"contact": {"channel": "phone"}})]
        safe = _reachable(lab, accounts)
        unsafe = _reachable(lab, [*accounts, samples.contribution({"contact": rules})])
        cleared = lab.staff("clearPersonContact", {"channel": "phone"}, recordId=safe)
        expect.that(
            expect.status(cleared, 201).at("outsideRules") is False,
            "control: a safe contact is said to break a rule",
        )
        refused = lab.staff("clearPersonContact", {"channel": "phone"}, recordId=unsafe)
        expect.problem(refused, 409, "unsafeContact", why=f"another {why}")
        reasoned = {"channel": "phone", "reason": "Conformance run"}
        cleared = lab.staff("clearPersonContact", reasoned, recordId=unsafe)
        expect.that(
            expect.status(cleared, 201).at("outsideRules") is True,
            "a contact that breaks a rule is called safe",
        )


def _reachable(lab: Lab, accounts: list[dict[str, Any]]) -> str:
    return str(lab.create("createPerson", samples.person(accounts, nameUnknown=True))["recordId"])


@check("enq-006", requirements=["ENQ-006"])
def the_dead_are_not_contacted(lab: Lab) -> None:
    """No contact with an enquirer who died is cleared, and one with who asks in their place is."""
    request = _registered(lab)
    expect.status(lab.staff("recordEnquirerDeath", {}, requestId=request), 201)
    reasoned = {"channel": "phone", "reason": "Conformance run"}
    expect.problem(lab.staff("clearContact", reasoned, requestId=request), 409, why="the enquirer died")
    read = expect.status(lab.staff("getSearchRequest", requestId=request), 200)
    heir = {**read.json, "enquirer": {"role": "friend"}}
    tag = {"If-Match": read.headers.get("etag")}
    expect.status(lab.staff("replaceSearchRequest", heir, requestId=request, headers=tag), 200)
    expect.status(lab.staff("clearContact", reasoned, requestId=request), 201)


@check("enq-005", requirements=["ENQ-005"])
def alone_with_the_request(lab: Lab) -> None:
    """What an enquirer sees stays the same when somebody else asks for the same person."""
    known = scenes.known(lab)
    first = lab.create("createSearchRequest", samples.search_request(known.record))["requestId"]
    before = expect.status(lab.staff("getEnquirerView", requestId=first), 200)
    report = expect.status(lab.staff("getAccessReport", requestId=first), 200)
    lab.create("createSearchRequest", samples.search_request(known.record))
    after = expect.status(lab.staff("getEnquirerView", requestId=first), 200)
    expect.that(after.json == before.json, "the view changed when somebody else asked")
    again = expect.status(lab.staff("getAccessReport", requestId=first), 200)
    expect.that(
        again.at("entries") == report.at("entries"), "the access report tells that somebody else asks"
    )
