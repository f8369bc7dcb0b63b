"""Two nodes: the hit on a living person, who says what may be told."""

from typing import Any

import pytest
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.town import (
    SEARCHES,
    Town,
    made,
    node_id,
    record,
    silent_hit,
)
from tests.server.records import samples

Body = dict[str, Any]


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("contact", {"choice": "contact", "message": "Call the invented office."}),
        ("messageOnly", {"choice": "messageOnly", "message": "Call the invented office."}),
        ("aliveOnly", {"choice": "aliveOnly"}),
        ("nothing", None),
    ],
)
def test_the_asker_learns_only_what_the_person_chose(town: Town, choice: str, told: Body | None) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    found, living, task = silent_hit(town)
    path = f"/v1/persons/{living}/choice"
    body = {"mayTell": choice, "decidedBy": "person", "task": task["taskId"]}
    body |= {"message": "Call the invented office."}
    made(beta.call("caseWorker", "POST", path, body))
    assert made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"] == []
    assert town.deliver() == (0 if told is None else 1)
    news = made(alpha.call("caseWorker", "GET", f"{SEARCHES}/{found['partnerSearchId']}"), 200)["news"]
    expected = {"partner": node_id(town, "beta"), "at": "2026-11-21T10:00:00Z"}
    assert news == ([] if told is None else [expected | told])
    with transaction(beta.node.engine) as conn:
        assert conn.scalar(select(t.document.c.body).where(t.document.c.kind == "keptQuery")) == b""


def test_a_choice_needs_its_own_task(town: Town) -> None:
    beta = town.nodes["beta"]
    _, living, task = silent_hit(town)
    other = record(beta)
    body = {"mayTell": "nothing", "decidedBy": "person", "task": task["taskId"]}
    assert beta.raw("POST", f"/v1/persons/{living}/choice", json=body).status_code == 401
    assert beta.call("releaseOfficer", "POST", f"/v1/persons/{living}/choice", body).status_code == 403
    refused = beta.call("caseWorker", "POST", f"/v1/persons/{other}/choice", body)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/task"])
    unknown = beta.call("caseWorker", "POST", f"/v1/persons/person:{'a' * 26}/choice", body)
    assert unknown.status_code == 404
