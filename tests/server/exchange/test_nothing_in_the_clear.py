"""Two nodes: nothing of what they exchange lies in the clear, in files, logs, addresses or on the way."""

from pathlib import Path
from typing import Any

import pytest
from mpex_server.http import logs
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import make_url, select

from tests.server.exchange.town import (
    RECEIVED,
    SEARCHES,
    Town,
    made,
    partner_search,
    permit,
    record,
    released,
    sought,
)
from tests.server.records import samples
from tests.server.world import World

Body = dict[str, Any]
PLANTED_TEXTS = (
    "Fictia",
    "Examplov",
    "2003-04-05",
    "Invented words",
    "description fits",
    "Tent of the tests",
)


def test_nothing_that_was_exchanged_lies_in_the_clear(
    town: Town, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the files or tables of the nodes, nor in what they log, ask for by address, or refuse."""
    logs.configure("debug")
    for node in town.nodes.values():
        node.app._log = logs.AccessLog("debug")
    asked, refused = _overheard(monkeypatch)
    _exchanged(town)
    (kept,) = made(town.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"]
    path = f"{RECEIVED}/{kept['receivedReleaseId']}"
    assert PLANTED_TEXTS[0] in str(made(town.nodes["alpha"].call("caseWorker", "GET", path), 200))
    logged = "".join(capfd.readouterr())
    assert '"operation"' in logged
    assert b"".join(refused)
    stored = b"".join(_stored(world) for world in town.nodes.values())
    assert b"partnerSearch:" in stored
    seen = (stored, logged.encode(), "\n".join(asked).encode(), b"\n".join(refused))
    assert [text for text in PLANTED_TEXTS if any(text.encode() in place for place in seen)] == []


def _overheard(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[bytes]]:
    """Return the addresses and the bodies of refusals from now on, at every node."""
    asked: list[str] = []
    refused: list[bytes] = []
    raw = World.raw

    def listening(self: World, method: str, path: str, **options: Any) -> Any:
        answer = raw(self, method, path, **options)
        asked.append(str(answer.request.url))
        if answer.status_code >= 400:
            refused.append(answer.content)
        return answer

    monkeypatch.setattr(World, "raw", listening)
    return asked, refused


def _exchanged(town: Town) -> None:
    """Search, release, choice and news, tasks, access report, refusals, withdrawal and recall."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    released(town)
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    person, directive = sought(town)
    request = made(
        alpha.call(
            "registrar",
            "POST",
            "/v1/search-requests",
            samples.search_request(person, directives=[directive]),
        )
    )
    found = partner_search(town, person)
    (task,) = [
        entry
        for entry in made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
        if entry["kind"] == "silentHit"
    ]
    choice = {
        "mayTell": "messageOnly",
        "decidedBy": "person",
        "task": task["taskId"],
        "message": "Invented words",
    }
    made(beta.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice))
    town.deliver()
    told = made(alpha.call("caseWorker", "GET", f"{SEARCHES}/{found['partnerSearchId']}"), 200)
    assert "Invented words" in str(told["news"])
    report = f"/v1/search-requests/{request['requestId']}/access-report"
    assert made(alpha.call("registrar", "GET", report), 200)["entries"]
    wrong = samples.person(status=PLANTED_TEXTS[0])
    assert alpha.call("registrar", "POST", "/v1/persons", wrong).status_code == 422
    made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    town.deliver()
    assert made(alpha.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]


def _stored(world: World) -> bytes:
    """Return the bytes of the SQLite files, or every cell of every PostgreSQL table."""
    url = make_url(world.node.settings.database_url)
    if url.get_backend_name() == "sqlite":
        files = [Path(f"{url.database}{suffix}") for suffix in ("", "-wal", "-shm")]
        return b"".join(file.read_bytes() for file in files if file.exists())
    with transaction(world.node.engine) as conn:
        rows = [row for table in t.metadata.sorted_tables for row in conn.execute(select(table))]
    values = [value for row in rows for value in row if value is not None]
    return b"\0".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in values)
