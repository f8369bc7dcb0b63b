"""Reviews of directives: asked for in time and until somebody was asked, and nothing changes by itself."""

from datetime import timedelta

import pytest
from mpex_server.tasks import escalation

from tests.server.exchange.test_custody import answer, offer
from tests.server.exchange.test_lives_of_directives import PERMIT, directive, found, freeze, waiting
from tests.server.exchange.town import Town, made, permit, record
from tests.server.records import samples
from tests.server.world import START, World

REVIEW = {"reviewDue": "2099", "reason": "She was asked and says yes."}


def in_days(days: int) -> str:
    return (START + timedelta(days=days)).date().isoformat()


def put_off(world: World, name: str, who: str = "registrar", **members: str) -> tuple[int, str]:
    answered = world.call(who, "POST", f"/v1/directives/{name}/reviews", REVIEW | members)
    return (201, answered.json()["reviewDue"]) if answered.status_code == 201 else samples.refusal(answered)


def test_a_review_is_a_task_from_a_month_before_and_goes_to_a_superior_when_it_is_missed(
    world: World,
) -> None:
    far = directive(world, "enquirer", PERMIT, reviewDue=in_days(60))
    held = record(world, far)
    world.advance(days=29)
    assert waiting(world, "consentReview") == []
    world.advance(days=3)
    assert waiting(world, "consentReview") == [far]
    assert found(world)
    world.advance(days=40)
    escalation.escalate(world.node)
    handed_on = world.call("supervisor", "GET", "/v1/tasks?kind=consentReview&role=supervisor")
    assert [task["subject"] for task in made(handed_on, 200)["items"]] == [far]
    assert found(world)
    assert world.call("registrar", "GET", f"/v1/persons/{held}").json()["status"] == "open"
    assert put_off(world, far, "supervisor") == (201, "2099")
    assert waiting(world, "consentReview") == []
    shown = made(world.call("registrar", "GET", f"/v1/directives/{far}"), 200)
    (review,) = shown["reviews"]
    assert (review["reason"], review["reviewDue"]) == (REVIEW["reason"], "2099")


@pytest.mark.parametrize("how", ["withdrawn", "frozen"])
def test_nothing_is_asked_about_a_directive_that_ended(world: World, how: str) -> None:
    ended = directive(world, "enquirer", PERMIT, reviewDue=in_days(5))
    path = f"/v1/directives/{ended}/withdrawals"
    made(world.call("registrar", "POST", path, {"purposes": ["statistics"]}))
    assert waiting(world, "consentReview") == [ended]
    if how == "frozen":
        freeze(world, ended)
    else:
        made(world.call("registrar", "POST", path, {}))
    assert waiting(world, "consentReview") == []
    assert put_off(world, ended) == (409, "conflict")


@pytest.mark.parametrize("due", ["2020", "2026-11-20", "2026-10", "2027-02-30"])
def test_a_review_is_put_off_to_a_day_to_come(world: World, due: str) -> None:
    near = directive(world, "enquirer", PERMIT, reviewDue=in_days(5))
    assert put_off(world, near, reviewDue=due) == (422, "ruleViolation")
    assert waiting(world, "consentReview") == [near]


def test_the_review_goes_with_the_directive_to_a_new_custodian(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    near = permit(alpha, sets=["identity"], reviewDue=in_days(5))
    person = record(alpha, near)
    transfer = made(offer(town, person))["transferId"]
    town.deliver()
    made(answer(town, transfer, "take"), 200)
    town.deliver()
    assert waiting(beta, "consentReview") == [near]
