"""What waits for a person: whose work it is, when it shows, and what becomes of it when nobody does it."""

from datetime import UTC, datetime
from typing import Any

import icalendar
import mpex_spec
import pytest
from mpex_server.oauth.access import ROLE_ACTIONS
from mpex_server.storage.engine import transaction
from mpex_server.tasks import escalation, repository
from mpex_server.tasks import icalendar as calendars
from mpex_server.tasks.kinds import KINDS, SUPERIOR

from tests.server.exchange.test_releases import collect, decide, requested
from tests.server.exchange.town import made, permit, record, search
from tests.server.records import samples
from tests.server.world import World

PATH = "/v1/tasks"


def listed(world: World, query: str = "", who: str = "caseWorker") -> list[dict[str, Any]]:
    return list(made(world.call(who, "GET", PATH + query), 200)["items"])


def kinds(world: World, query: str = "") -> list[str]:
    return [task["kind"] for task in listed(world, query)]


@pytest.fixture
def directive(world: World) -> str:
    return permit(world, sets=["identity"])


@pytest.fixture
def overdue_recall(world: World, directive: str) -> str:
    """A task on a recall that nobody acknowledges."""
    record(world, directive)
    request = requested(world)
    decide(world, request, "approve")
    made(collect(world, request), 200)
    made(world.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    assert listed(world) == []
    world.advance(hours=48)
    (task,) = listed(world)
    assert task["kind"] == "overdueRecall"
    return str(task["taskId"])


def test_strangers_partners_and_auditors_close_nothing(world: World) -> None:
    path = f"{PATH}/task:{'a' * 26}/completion"
    assert world.raw("POST", path).status_code == 401
    for name in ("one", "auditor"):
        assert samples.refusal(world.call(name, "POST", path, {})) == (403, "actionNotAllowed")
    assert samples.refusal(world.call("caseWorker", "POST", path, {})) == (404, "notFound")


def test_tasks_are_filtered_by_kind_role_and_delay(world: World, directive: str) -> None:
    requested_on = record(world, directive)
    requested(world)
    living = record(world, directive, type="foundAlive")
    made(world.call("two", "POST", "/v1/searches", search()), 200)
    assert sorted(kinds(world)) == ["releaseRequest", "silentHit"]
    assert kinds(world, "?kind=releaseRequest") == kinds(world, "?role=releaseOfficer") == ["releaseRequest"]
    assert kinds(world, "?role=caseWorker") == ["silentHit"]
    assert {task["subject"] for task in listed(world, "?kind=silentHit")} == {living}
    assert kinds(world, "?overdue=true") == kinds(world, "?role=supervisor") == []
    world.advance(hours=48)
    assert len(listed(world, "?overdue=true")) == 2
    assert requested_on not in str(listed(world))
    refused = world.call("caseWorker", "GET", f"{PATH}?overdue=perhaps")
    assert samples.refusal(refused) == (400, "invalidParameter")


def test_what_is_overdue_goes_to_the_supervisor_once_and_stays_open(world: World, directive: str) -> None:
    record(world, directive)
    request = requested(world)
    assert escalation.escalate(world.node) == 0
    world.advance(hours=48)
    assert escalation.escalate(world.node) == 1
    assert escalation.escalate(world.node) == 0
    (task,) = listed(world, "?role=supervisor", who="supervisor")
    assert task["escalatedAt"] == "2026-11-23T10:00:00Z"
    assert kinds(world, "?role=releaseOfficer") == ["releaseRequest"]
    assert world.events().count("escalation") == 1
    world.advance(days=400)
    assert made(world.call("supervisor", "GET", f"/v1/release-cases/{request['releaseRequestId']}"), 200)[
        "escalated"
    ]
    path = f"/v1/release-cases/{request['releaseRequestId']}/decision"
    refusal = {"decision": "refuse", "cause": "notNecessary"}
    assert made(world.call("supervisor", "POST", path, refusal), 200)["state"] == "refused"
    assert listed(world) == []


def test_a_person_closes_what_ends_by_hand(world: World, overdue_recall: str) -> None:
    path = f"{PATH}/{overdue_recall}/completion"
    done = made(world.call("caseWorker", "POST", path, {"note": "Told by telephone."}, key="k" * 20), 200)
    assert (done["state"], done["note"]) == ("done", "Told by telephone.")
    assert done["doneBy"] == world.identities["caseWorker"].client_id
    assert listed(world) == []
    again = world.call("caseWorker", "POST", path, {"note": "Told by telephone."}, key="k" * 20)
    assert made(again, 200) == done
    assert samples.refusal(world.call("caseWorker", "POST", path, {})) == (409, "conflict")
    assert world.events().count("taskDone") == 1


def test_a_kind_that_ends_with_an_act_is_not_closed_by_hand(world: World, directive: str) -> None:
    record(world, directive)
    requested(world)
    (task,) = listed(world)
    refused = world.call("releaseOfficer", "POST", f"{PATH}/{task['taskId']}/completion", {})
    assert samples.refusal(refused) == (409, "conflict")
    assert len(listed(world)) == 1


def test_due_times_are_a_calendar_that_others_can_read(world: World, directive: str) -> None:
    record(world, directive)
    requested(world)
    made(world.call("two", "POST", "/v1/searches", search()), 200)
    answer = world.call("caseWorker", "GET", f"{PATH}/calendar")
    assert answer.headers["content-type"].partition(";")[0] == "text/calendar"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    (task,) = listed(world)
    (event,) = icalendar.Calendar.from_ical(answer.content).events
    assert event["uid"] == task["taskId"]
    assert event.start == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert str(event["summary"]) == mpex_spec.codelist("taskKinds")["releaseRequest"]["title"]
    for secret in (task["subject"], task["partner"], task["purpose"]):
        assert secret not in answer.text
    empty = world.call("caseWorker", "GET", f"{PATH}/calendar?kind=silentHit")
    assert icalendar.Calendar.from_ical(empty.content).events == []


def test_long_lines_are_folded_and_signs_escaped() -> None:
    title = "Überfällig; ask, then \\ wait. " * 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calendars, "codelist", lambda _name: {"silentHit": {"title": title}})
        task = repository.Task("task:a", "silentHit", "person:a", "2026-11-23T10:00:00Z", None, "open", {})
        text = calendars.calendar([task], datetime(2026, 11, 21, tzinfo=UTC))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (event,) = icalendar.Calendar.from_ical(text).events
    assert str(event["summary"]) == title


def test_details_of_tasks_are_sealed(world: World, overdue_recall: str) -> None:
    made(world.call("caseWorker", "POST", f"{PATH}/{overdue_recall}/completion", {"note": "Exemplary."}), 200)
    with transaction(world.node.engine, write=False) as conn:
        rows = conn.exec_driver_sql("SELECT body FROM task").scalars().all()
        assert repository.find(conn, world.node.keys, overdue_recall) is not None
    assert rows
    assert all(b"Exemplary" not in bytes(row) for row in rows)


def test_whoever_may_not_know_of_deaths_sees_own_work_alone(world: World, directive: str) -> None:
    """The purpose of a question can tell of a death before the family hears of it."""
    record(world, directive)
    request = requested(world)
    living = record(world, directive, type="foundAlive")
    made(world.call("two", "POST", "/v1/searches", search()), 200)
    assert [task["subject"] for task in listed(world, who="registrar")] == [living]
    assert listed(world, "?kind=releaseRequest", who="registrar") == []
    waiting = [task for task in listed(world) if task["subject"] != living]
    assert [task["subject"] for task in waiting] == [request["releaseRequestId"]]
    hidden = world.call("registrar", "POST", f"{PATH}/{waiting[0]['taskId']}/completion", {})
    never = world.call("registrar", "POST", f"{PATH}/task:{'a' * 26}/completion", {})
    assert hidden.status_code == never.status_code == 404
    calendar = world.call("registrar", "GET", f"{PATH}/calendar")
    assert waiting[0]["taskId"] not in calendar.text


def test_somebody_can_do_what_a_task_asks_for_and_so_can_the_superior_once_it_is_overdue() -> None:
    for name, kind in KINDS.items():
        acting = [role for role in kind.roles if kind.ends_with in {None, *ROLE_ACTIONS[role]}]
        assert acting, name
        superior = ROLE_ACTIONS[SUPERIOR] | {None}
        assert not kind.escalates or kind.ends_with in superior, name


def test_every_kind_of_the_list_has_its_row() -> None:
    assert KINDS.keys() == mpex_spec.codelist("taskKinds").keys()
    assert all(kind.roles <= mpex_spec.codelist("staffRoles").keys() for kind in KINDS.values())


@pytest.mark.parametrize(
    ("who", "path"),
    [("caseWorker", PATH), ("releaseOfficer", "/v1/onward-requests"), ("caseWorker", "/v1/recalls")],
)
def test_the_log_keeps_a_commitment_to_what_a_list_showed(world: World, who: str, path: str) -> None:
    made(world.call(who, "GET", path), 200)
    assert len(world.leaves()[-1]["candidates"]) == 43
