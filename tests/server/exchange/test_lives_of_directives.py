"""Directives over a life: frozen at a death, followed by a successor, outgrown by a child (CONS-012 on)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.server.exchange.town import SECTIONS, made, permit, record, search
from tests.server.records import samples
from tests.server.world import START, World

Body = dict[str, Any]
PERMIT = {
    "effect": "permit",
    "purposes": ["searchLiving"],
    "releaseSets": ["identity"],
    "recipientClasses": ["humanitarian"],
}


def directive(world: World, authority: str, *grants: Body, **members: Any) -> str:
    body = samples.directive(givenBy={"authority": authority}, grants=list(grants), **members)
    return str(made(world.call("registrar", "POST", "/v1/directives", body))["directiveId"])


def found(world: World) -> bool:
    return bool(made(world.call("one", "POST", "/v1/searches", search()), 200)["outcome"] == "possibleHit")


def freeze(world: World, name: str, status: int = 201, **body: Any) -> Body:
    return made(world.call("registrar", "POST", f"/v1/directives/{name}/freeze", body), status)


def succeed(world: World, name: str, successor: str, status: int = 201) -> Body:
    path = f"/v1/directives/{name}/successor"
    return made(world.call("registrar", "POST", path, {"directive": successor}), status)


def waiting(world: World, kind: str) -> list[str]:
    items = made(world.call("registrar", "GET", f"/v1/tasks?kind={kind}"), 200)["items"]
    return [item["subject"] for item in items]


@pytest.mark.parametrize(
    ("authority", "subject", "status"),
    [
        ("enquirer", "soughtPerson", 201),
        ("parent", "soughtPerson", 201),
        ("self", "enquirer", 201),
        ("self", "soughtPerson", 422),
        ("court", "soughtPerson", 422),
        ("institution", "soughtPerson", 422),
    ],
)
def test_only_what_a_mortal_gave_for_another_is_frozen(
    world: World, authority: str, subject: str, status: int
) -> None:
    freeze(world, directive(world, authority, PERMIT, dataSubject=subject), status)


def test_a_death_may_lie_in_the_past_and_not_in_the_future(world: World) -> None:
    given = permit(world, sets=["identity"])
    later = (START + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    freeze(world, given, 422, at=later)
    assert freeze(world, given, at="2026-11-20T08:00:00Z")["frozenAt"] == "2026-11-20T08:00:00Z"


def test_a_successor_is_another_directive_of_the_same_subject_that_is_not_frozen(world: World) -> None:
    dead, also_dead = permit(world, sets=["identity"]), permit(world, sets=["identity"])
    freeze(world, dead)
    freeze(world, also_dead)
    for other in (dead, also_dead, directive(world, "enquirer", PERMIT, dataSubject="enquirer")):
        succeed(world, dead, other, 422)
    succeed(world, dead, "directive:" + "a" * 26, 422)


def test_what_rests_on_a_successor_is_called_back_when_the_successor_withdraws(world: World) -> None:
    dead, heir = permit(world, sets=["identity"]), permit(world, sets=["identity"])
    record(world, dead)
    freeze(world, dead)
    assert not found(world)
    assert waiting(world, "successor") == [dead]
    succeed(world, dead, heir)
    assert waiting(world, "successor") == []
    (hit,) = made(world.call("one", "POST", "/v1/searches", search()), 200)["hits"]
    terms = {name: search()[name] for name in ("caseReference", "purpose", "legalBasis", "releaseSet")}
    body = terms | {"reason": "The description fits.", "hitReference": hit["reference"]}
    asked = made(world.call("one", "POST", "/v1/release-requests", body), 202)["releaseRequestId"]
    decision = f"/v1/release-cases/{asked}/decision"
    made(world.call("releaseOfficer", "POST", decision, {"decision": "approve"}), 200)
    release = f"/v1/release-requests/{asked}/release"
    assert world.call("one", "GET", release).status_code == 200
    made(world.call("registrar", "POST", f"/v1/directives/{heir}/withdrawals", {}))
    assert world.call("one", "GET", release).status_code == 404
    (recall,) = made(world.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert recall["directive"] == heir
    state = made(world.call("one", "GET", f"/v1/release-requests/{asked}"), 200)["state"]
    assert state == "withdrawn"


def test_the_review_of_a_majority_follows_the_record(world: World) -> None:
    parent = directive(world, "parent", PERMIT, givenAt="2020-01-01T00:00:00Z")
    held = record(world, parent, SECTIONS | {"birth": {"date": "2009-06-15"}, "summary": {"sex": "female"}})
    assert waiting(world, "majorityReview") == []
    world.clock.advance(timedelta(days=5))
    assert waiting(world, "majorityReview") == []
    _change(world, held, birth={"date": "2008-12-24"})
    (task,) = made(world.call("registrar", "GET", "/v1/tasks?kind=majorityReview"), 200)["items"]
    assert (task["subject"], task["dueAt"]) == (held, "2026-09-25T00:00:00Z")
    _change(world, held)
    assert waiting(world, "majorityReview") == [held]
    _change(world, held, directives=[directive(world, "self", PERMIT)])
    assert waiting(world, "majorityReview") == []


def test_a_review_that_was_done_is_not_asked_for_again(world: World) -> None:
    parent = directive(world, "parent", PERMIT, givenAt="2020-01-01T00:00:00Z")
    held = record(world, parent, SECTIONS | {"birth": {"date": "2008-12-24"}, "summary": {"sex": "female"}})
    (task,) = made(world.call("registrar", "GET", "/v1/tasks?kind=majorityReview"), 200)["items"]
    closed = world.call("registrar", "POST", f"/v1/tasks/{task['taskId']}/completion", {})
    assert closed.is_success
    _change(world, held)
    assert waiting(world, "majorityReview") == []


def _change(world: World, held: str, **changes: Any) -> None:
    """Replace a person; `birth` goes into its one contribution, and None leaves a member out."""
    shown = world.call("registrar", "GET", f"/v1/persons/{held}")
    body = shown.json()
    if birth := changes.pop("birth", None):
        body["contributions"][0]["sections"]["birth"] = birth
    tag = {"If-Match": shown.headers["etag"]}
    changed = {name: value for name, value in (body | changes).items() if value is not None}
    answer = world.call("registrar", "PUT", f"/v1/persons/{held}", changed, headers=tag)
    assert answer.status_code == 200, answer.text


def test_a_found_child_waits_for_an_office_that_acts_for_it(world: World) -> None:
    own = directive(world, "self", PERMIT, dataSubject="livingPerson")
    child = SECTIONS | {"birth": {"date": "2012-06-15"}, "summary": {"sex": "female"}}
    record(world, own, child)
    assert waiting(world, "childProtection") == []
    held = record(world, own, child, type="foundAlive")
    assert waiting(world, "childProtection") == [held]
    _change(world, held)
    assert waiting(world, "childProtection") == [held]
    _change(world, held, childProtectionContact={"organisation": "Example Youth Office"})
    assert waiting(world, "childProtection") == []
    _change(world, held, childProtectionContact=None)
    assert waiting(world, "childProtection") == [held]
    _change(world, held, birth={"date": "1990-06-15"})
    assert waiting(world, "childProtection") == []
