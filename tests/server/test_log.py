"""The log: entries get their place once, proofs verify with an outsider's means, checkpoints are signed."""

import base64
from concurrent.futures import ThreadPoolExecutor

import jsonschema_rs
import pytest
from mpex_server.domain.checkpoint import Verifier, open_checkpoint
from mpex_server.domain.merkle import leaf_hash, verify_consistency, verify_inclusion
from mpex_server.http.spec import schema_validator
from mpex_server.kit import strict_json
from mpex_server.kit.ids import new_id

from tests.server.world import World

ENTRIES = "/v1/log/entries"


def checkpoint(world: World) -> tuple[int, bytes]:
    """Return size and root of the newest checkpoint, verified with the key of the node's metadata."""
    key = world.raw("GET", "/.well-known/mpex-node").json()["log"]["key"]
    response = world.call("auditor", "GET", "/v1/log/checkpoint")
    assert response.headers["content-type"].startswith("text/plain")
    opened = open_checkpoint(response.text, Verifier.from_text(key))
    return opened.size, opened.root


def fill(world: World, entries: int) -> None:
    """Leave entries in the log by being refused."""
    token = world.token("auditor", actions=["log:read"])
    for _ in range(entries):
        assert world.call("auditor", "GET", ENTRIES, token=token).status_code == 403


def hashes(proof: dict[str, list[str]]) -> list[bytes]:
    return [base64.b64decode(text) for text in proof["hashes"]]


def test_each_entry_is_proved_to_be_under_the_signed_root(world: World) -> None:
    fill(world, 5)
    world.sequence()
    size, root = checkpoint(world)
    items = world.call("auditor", "GET", ENTRIES).json()["items"]
    assert len(items) == size == 5
    for index, entry in enumerate(items):
        proof = world.call("auditor", "GET", f"/v1/log/inclusion?leaf={entry['leaf']}").json()
        assert (proof["index"], proof["size"], proof["leaf"]) == (index, size, entry["leaf"])
        leaf = leaf_hash(strict_json.canonical(entry))
        assert verify_inclusion(leaf, index, size, hashes(proof), root)


def test_a_later_checkpoint_extends_the_earlier_one(world: World) -> None:
    fill(world, 3)
    world.sequence()
    old, old_root = checkpoint(world)
    fill(world, 4)
    world.sequence()
    new, new_root = checkpoint(world)
    proof = world.call("one", "GET", f"/v1/log/consistency?from={old}&to={new}").json()
    assert verify_consistency(old, new, old_root, new_root, hashes(proof))
    earlier = world.call("one", "GET", f"/v1/log/consistency?from=0&to={old}").json()
    assert earlier == {"from": 0, "size": old, "hashes": []}


def test_only_published_sizes_are_proved(world: World) -> None:
    fill(world, 2)
    world.sequence()
    fill(world, 1)
    waiting = world.leaves()[-1]["leaf"]
    published = world.leaves()[0]["leaf"]
    for path in (
        f"inclusion?leaf={waiting}",
        f"inclusion?leaf={new_id('leaf')}",
        f"inclusion?leaf={published}&size=3",
        "consistency?from=1&to=3",
    ):
        assert world.call("auditor", "GET", f"/v1/log/{path}").status_code == 404, path
    assert world.call("auditor", "GET", "/v1/log/consistency?from=2&to=1").status_code == 400


def test_without_a_checkpoint_the_log_is_not_ready(world: World) -> None:
    response = world.call("auditor", "GET", "/v1/log/checkpoint")
    assert (response.status_code, response.headers["retry-after"]) == (503, "10")


def test_sequencers_of_several_processes_give_each_entry_one_place(world: World) -> None:
    fill(world, 12)
    with ThreadPoolExecutor(4) as pool:
        merged = list(pool.map(lambda _: world.sequence(), range(4)))
    assert sum(merged) + world.sequence() == 12
    assert checkpoint(world)[0] == 12


def test_entries_are_paged_in_log_order_and_follow_their_schema(world: World) -> None:
    fill(world, 5)
    world.sequence()
    seen: list[str] = []
    path = f"{ENTRIES}?limit=2"
    while path:
        page = world.call("auditor", "GET", path).json()
        seen += [entry["leaf"] for entry in page["items"]]
        path = f"{ENTRIES}?limit=2&cursor={page['nextCursor']}" if "nextCursor" in page else ""
    assert seen[:5] == [entry["leaf"] for entry in world.leaves()][:5]
    validator: jsonschema_rs.Draft202012Validator = schema_validator("log-entry")
    assert all(validator.is_valid(entry) for entry in world.leaves())


def test_a_list_ends_where_the_log_did_when_it_began(world: World) -> None:
    """A page that somebody keeps is no way to read on unseen (LOG-007)."""
    fill(world, 3)
    world.sequence()
    first = world.call("auditor", "GET", f"{ENTRIES}?limit=1").json()
    fill(world, 2)
    world.sequence()
    rest = world.call("auditor", "GET", f"{ENTRIES}?cursor={first['nextCursor']}").json()
    assert len(rest["items"]) == 2
    assert "nextCursor" not in rest


@pytest.mark.parametrize("name", ["registrar", "one"])
def test_entries_are_for_the_auditor_only(world: World, name: str) -> None:
    assert world.call(name, "GET", ENTRIES).status_code == 403
