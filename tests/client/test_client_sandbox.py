"""The package against a real sandbox node, asynchronously: versions, pages, purposes, proofs."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from mpex_client import AsyncClient, Outbox, Profile, errors
from mpex_client.log_proof import leaf_hash, open_checkpoint, proof_hashes, verify_inclusion
from mpex_client.types import PersonRecord

from tests.client.conftest import PLANTED

Story = Callable[[AsyncClient], Coroutine[Any, Any, None]]
Play = Callable[[str, Story], None]


@pytest.fixture
def play(sandbox: Path) -> Play:
    """Runs a story with a client of one role."""

    def run(role: str, story: Story) -> None:
        async def told() -> None:
            identity = Profile.load(sandbox).identity(role)
            async with AsyncClient(identity, purpose="searchLiving", legal_basis="consent") as client:
                await story(client)

        asyncio.run(told())

    return run


def test_a_record_is_stored_read_replaced_and_found_in_the_listing(
    play: Play, person: dict[str, object]
) -> None:
    async def story(client: AsyncClient) -> None:
        made = await client.persons.create(person)
        read = await client.persons.get(made["recordId"])
        assert read.etag
        assert isinstance(read.typed, PersonRecord)
        newer = await client.persons.replace({**read, "status": "located"}, if_match=read.etag)
        assert (newer["version"], newer["status"]) == (2, "located")
        with pytest.raises(errors.PreconditionFailed):
            await client.persons.replace(read)
        listed = [document["recordId"] async for document in client.persons.list(limit=1)]
        assert listed.count(made["recordId"]) == 1

    play("registrar", story)


def test_a_key_given_twice_has_one_effect(play: Play, person: dict[str, object]) -> None:
    async def story(client: AsyncClient) -> None:
        key = "test-key-of-one-effect"
        made = [await client.persons.create(person, idempotency_key=key) for _ in range(2)]
        assert made[0]["recordId"] == made[1]["recordId"]
        with pytest.raises(errors.IdempotencyKeyReused):
            await client.persons.create({**person, "status": "closed"}, idempotency_key=key)

    play("registrar", story)


def test_calls_at_the_same_time_do_not_disturb_one_another(play: Play, person: dict[str, object]) -> None:
    async def story(client: AsyncClient) -> None:
        made = await asyncio.gather(*(client.persons.create(person) for _ in range(8)))
        assert len({document["recordId"] for document in made}) == 8

    play("registrar", story)


def test_what_waited_in_an_outbox_arrives(play: Play, person: dict[str, object], tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o.db")
    kept = outbox.put("createPerson", person, purpose="searchLiving", legal_basis="consent")

    async def story(client: AsyncClient) -> None:
        assert (await client.flush(outbox)).sent == 1
        assert (await client.persons.get(kept["recordId"]))["recordId"] == kept["recordId"]

    play("registrar", story)


def test_a_partner_reads_no_record(play: Play) -> None:
    async def story(client: AsyncClient) -> None:
        with pytest.raises(errors.TokenRefusedError) as caught:
            await client.persons.get("person:" + "a" * 26)
        assert caught.value.code == "invalid_authorization_details"

    play("partner.one", story)


def test_nobody_gets_a_token_for_a_prohibited_purpose(play: Play) -> None:
    async def story(client: AsyncClient) -> None:
        for purpose in ("immigrationEnforcement", "borderControl", "returnProcedure", "commercial"):
            other = client.with_purpose(purpose, legal_basis="legalObligation")
            with pytest.raises(errors.TokenRefusedError):
                await anext(other.persons.list())

    play("registrar", story)


def test_what_the_node_refuses_shows_no_value(play: Play, person: dict[str, object]) -> None:
    async def story(client: AsyncClient) -> None:
        with pytest.raises(errors.SchemaViolation) as caught:
            await client.persons.create({**person, "status": PLANTED})
        assert [place.pointer for place in caught.value.errors] == ["/status"]
        assert PLANTED not in f"{caught.value!r}{caught.value.errors}{caught.value.detail}"

    play("registrar", story)


def test_an_entry_of_the_log_is_proved_to_be_in_it(play: Play) -> None:
    async def story(client: AsyncClient) -> None:
        key = (await client.node.metadata())["log"]["key"]
        checkpoint = open_checkpoint(await client.log.checkpoint(), key)
        for _ in range(40):  # the node merges new entries within ten seconds
            if checkpoint.size:
                break
            await asyncio.sleep(0.25)
            checkpoint = open_checkpoint(await client.log.checkpoint(), key)
        entry = await anext(client.log.entries())
        proof = await client.log.inclusion(entry["leaf"], size=checkpoint.size)
        leaf = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        verify_inclusion(leaf_hash(leaf), proof["index"], proof_hashes(proof["hashes"]), checkpoint)

    play("auditor", story)
