"""The outbox keeps what cannot be sent, sealed, and sends it once."""

import sqlite3
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mpex_client import Client, Outbox, errors
from mpex_client._generated.operations import OPERATIONS
from mpex_client.testing import FakeNode

from tests.client.conftest import PLANTED, StillClock

ASKED: dict[str, Any] = {"purpose": "searchLiving", "legal_basis": "consent"}
LOST = httpx2.ReadTimeout("the answer was lost")


@pytest.fixture
def outbox(tmp_path: Path, clock: StillClock) -> Outbox:
    return Outbox(tmp_path / "outbox.db", clock=clock)


def _states(outbox: Outbox) -> list[tuple[str, str | None]]:
    return [(entry.state, entry.reason) for entry in outbox.entries()]


def test_what_was_put_in_is_sent_in_order_and_gone(
    outbox: Outbox, client: Client, node: FakeNode, person: dict[str, object]
) -> None:
    made = [outbox.put("createPerson", person, **ASKED) for _ in range(3)]
    report = client.flush(outbox)
    assert (report.sent, report.dead, report.waiting) == (3, 0, 0)
    assert list(node.documents.held) == [document["recordId"] for document in made]
    assert outbox.entries() == []


def test_an_identifier_is_promised_where_and_only_where_a_client_may_give_it(outbox: Outbox) -> None:
    keyed = [name for name, operation in OPERATIONS.items() if operation.keyed]
    promised = {name: [*outbox.put(name, {}, **ASKED).values()] for name in keyed}
    assert {name: made[0].partition(":")[0] for name, made in promised.items() if made} == {
        "createAssistanceRequest": "assistance",
        "createCaseMessage": "message",
        "createCustodyTransfer": "transfer",
        "createDirective": "directive",
        "createErasureRequest": "erasure",
        "createGroup": "group",
        "createIdentityError": "identityError",
        "createIncident": "incident",
        "createPerson": "person",
        "createReferenceSample": "sample",
        "createRemainsUnit": "remains",
        "createSearchRequest": "request",
    }


def test_entries_wait_while_the_node_is_out_of_reach(
    outbox: Outbox, client: Client, node: FakeNode, person: dict[str, object]
) -> None:
    outbox.put("createPerson", person, **ASKED)
    outbox.put("createPerson", person, **ASKED)
    node.fail(*[httpx2.ConnectError("down")] * 3)
    report = client.flush(outbox)
    assert (report.sent, report.dead, report.waiting) == (0, 0, 2)
    assert client.flush(outbox).sent == 2


def test_an_outbox_outlives_its_program(
    tmp_path: Path, client: Client, node: FakeNode, person: dict[str, object], clock: StillClock
) -> None:
    Outbox(tmp_path / "o.db", clock=clock).put("createPerson", person, **ASKED)
    assert client.flush(Outbox(tmp_path / "o.db", clock=clock)).sent == 1
    assert len(node.documents.held) == 1


def test_a_lost_answer_does_not_lead_to_a_second_record(
    outbox: Outbox, client: Client, node: FakeNode, person: dict[str, object]
) -> None:
    outbox.put("createPerson", person, **ASKED)
    entry = next(outbox.pending())
    outbox.attempted(entry.id)
    client.persons.create(entry.body)  # arrived under a key that the node has forgotten since
    assert client.flush(outbox).sent == 1
    assert len(node.documents.held) == 1


def test_an_identifier_of_somebody_else_is_not_taken_for_success(
    outbox: Outbox, client: Client, person: dict[str, object]
) -> None:
    taken = client.persons.create(person)
    outbox.put("createPerson", {**person, "recordId": taken["recordId"]}, **ASKED)
    assert client.flush(outbox).dead == 1
    assert _states(outbox) == [("dead", "alreadyExists")]


def test_a_refused_entry_is_dead_and_the_next_is_sent(
    outbox: Outbox, client: Client, person: dict[str, object]
) -> None:
    outbox.put("createPerson", {"type": "unheardOf"}, **ASKED)
    outbox.put("createPerson", person, **ASKED)
    report = client.flush(outbox)
    assert (report.sent, report.dead, report.waiting) == (1, 1, 0)
    assert _states(outbox) == [("dead", "schemaViolation")]
    assert client.flush(outbox).dead == 0
    outbox.drop(outbox.entries()[0].id)
    assert outbox.entries() == []


def test_an_old_entry_expires_unsent(
    outbox: Outbox, client: Client, node: FakeNode, person: dict[str, object], clock: StillClock
) -> None:
    outbox.put("createPerson", person, **ASKED)
    clock.advance(days=8)
    assert client.flush(outbox).dead == 1
    assert _states(outbox) == [("dead", "expired")]
    assert node.requests == []


def test_each_entry_is_sent_for_the_purpose_it_was_put_in_for(
    outbox: Outbox, client: Client, node: FakeNode, person: dict[str, object]
) -> None:
    outbox.put("createPerson", person, purpose="identifyDeceased", legal_basis="publicInterest")
    client.flush(outbox)
    asked = [seen.body for seen in node.requests if seen.operation == "createToken"]
    assert len(asked) == 1
    assert b"identifyDeceased" in asked[0]


def test_nothing_personal_can_be_read_from_the_files(
    outbox: Outbox, tmp_path: Path, person: dict[str, object]
) -> None:
    outbox.put("createPerson", person, **ASKED)
    for file in tmp_path.iterdir():
        assert PLANTED.encode() not in file.read_bytes()
        assert b"Fictia" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    assert PLANTED not in repr(outbox.entries())


def test_sealed_entries_cannot_be_swapped_or_opened_with_another_key(
    outbox: Outbox, tmp_path: Path, person: dict[str, object]
) -> None:
    for _ in range(2):
        outbox.put("createPerson", person, **ASKED)
    with sqlite3.connect(tmp_path / "outbox.db") as connection:
        connection.execute("UPDATE entry SET sealed = (SELECT sealed FROM entry WHERE position = 1)")
    connection.close()
    with pytest.raises(errors.ConfigurationError, match="does not open"):
        list(outbox.pending())


def test_only_what_may_be_repeated_waits(outbox: Outbox) -> None:
    for operation in ("listPersons", "importIncidents", "unheardOf"):
        with pytest.raises(errors.ConfigurationError, match="idempotency"):
            outbox.put(operation, {}, **ASKED)


def test_another_file_is_not_taken_for_an_outbox(tmp_path: Path) -> None:
    (tmp_path / "o.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(errors.ConfigurationError, match=r"o\.db"):
        Outbox(tmp_path / "o.db")
