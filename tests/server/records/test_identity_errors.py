"""Reports of a wrong identity: heard of any record, due within two working days, answered once."""

import pytest
from mpex_server.kit.ids import new_id

from tests.server.records import samples
from tests.server.world import World

PATH = "/v1/identity-errors"
ANSWER = {"outcome": "confirmed", "text": "The remains are of somebody else."}


@pytest.fixture
def doubted(world: World) -> str:
    """Return the address of a report on a person whom nobody has identified."""
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    made = samples.made(world, "registrar", PATH, samples.identity_error(person, answer=ANSWER))
    assert "answer" not in made
    return f"{PATH}/{made['identityErrorId']}"


def test_a_report_is_the_officers_task_within_two_working_days(world: World, doubted: str) -> None:
    (task,) = world.call("releaseOfficer", "GET", "/v1/tasks?kind=identityError").json()["items"]
    assert task["subject"] == doubted.rpartition("/")[2]
    assert task["dueAt"] <= "2026-11-23T10:00:00Z"


def test_an_answer_is_kept_closes_the_task_and_is_given_once(world: World, doubted: str) -> None:
    refused = world.call("registrar", "POST", f"{doubted}/answer", ANSWER)
    assert samples.refusal(refused) == (403, "actionNotAllowed")
    first = world.call("releaseOfficer", "POST", f"{doubted}/answer", ANSWER, key="a" * 16)
    assert first.json()["answer"] == ANSWER | {"at": "2026-11-21T10:00:00Z"}
    assert world.call("registrar", "GET", doubted).json() == first.json()
    assert world.call("releaseOfficer", "GET", "/v1/tasks?kind=identityError").json()["items"] == []
    again = world.call("releaseOfficer", "POST", f"{doubted}/answer", ANSWER, key="a" * 16)
    assert again.json() == first.json()
    twice = world.call("releaseOfficer", "POST", f"{doubted}/answer", ANSWER)
    assert samples.refusal(twice) == (409, "conflict")


def test_what_is_not_here_cannot_be_doubted(world: World) -> None:
    refused = world.call("registrar", "POST", PATH, samples.identity_error(new_id("person")))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/record"])
