"""The offline checks of a log agree with the published proofs, good and bad, and refuse what is altered."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from mpex_client import Client
from mpex_client.errors import VerificationError
from mpex_client.log_proof import (
    Checkpoint,
    leaf_hash,
    open_checkpoint,
    proof_hashes,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from mpex_client.testing import FakeNode

SIZES = range(1, 18)


def _published(shared_data: Path, kind: str) -> list[dict[str, Any]]:
    files = sorted((shared_data / "vectors" / "merkle" / kind).rglob("*.json"))
    assert len(files) == 98
    return [json.loads(file.read_text()) for file in files]


def _raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _holds(check: Any, *arguments: Any) -> bool:
    try:
        check(*arguments)
    except VerificationError:
        return False
    return True


def _proof(case: dict[str, Any]) -> list[bytes]:
    return [_raw(node) for node in case["proof"] or []]


def test_published_inclusion_proofs_are_judged_alike(shared_data: Path) -> None:
    for case in _published(shared_data, "inclusion"):
        checkpoint = Checkpoint("o", case["treeSize"], _raw(case["root"]))
        fits = _holds(verify_inclusion, _raw(case["leafHash"]), case["leafIdx"], _proof(case), checkpoint)
        assert fits is not case["wantErr"], case["desc"]


def test_published_consistency_proofs_are_judged_alike(shared_data: Path) -> None:
    for case in _published(shared_data, "consistency"):
        older = Checkpoint("o", case["size1"], _raw(case["root1"]))
        newer = Checkpoint("o", case["size2"], _raw(case["root2"]))
        assert _holds(verify_consistency, older, newer, _proof(case)) is not case["wantErr"], case["desc"]


def test_the_root_of_every_small_tree_is_that_of_rfc_6962() -> None:
    def recursive(hashes: list[bytes]) -> bytes:
        if len(hashes) == 1:
            return hashes[0]
        middle = 1 << (len(hashes) - 1).bit_length() - 1
        import hashlib

        joined = recursive(hashes[:middle]) + recursive(hashes[middle:])
        return hashlib.sha256(b"\x01" + joined).digest()

    for size in SIZES:
        hashes = [leaf_hash(bytes([number])) for number in range(size)]
        assert tree_root(hashes) == recursive(hashes)


def test_a_log_is_verified_from_what_its_node_answers(node: FakeNode, client: Client) -> None:
    key = client.node.metadata()["log"]["key"]
    list(client.persons.list())
    older = open_checkpoint(client.log.checkpoint(), key)
    for _ in range(6):
        list(client.persons.list())
    newer = open_checkpoint(client.log.checkpoint(), key)
    consistency = client.log.consistency(older.size, newer.size)
    verify_consistency(older, newer, proof_hashes(consistency["hashes"]))
    for entry in node.log.entries[: newer.size]:
        proof = client.log.inclusion(entry["leaf"], size=newer.size)
        leaf = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
        verify_inclusion(leaf_hash(leaf), proof["index"], proof_hashes(proof["hashes"]), newer)


def test_an_altered_checkpoint_is_refused(node: FakeNode, client: Client) -> None:
    list(client.persons.list())
    note, key = client.log.checkpoint(), node.log.verifier_key
    size = open_checkpoint(note, key).size
    altered = note.replace(f"\n{size}\n", f"\n{size + 1}\n")
    other = FakeNode().log.verifier_key
    for wrong_note, wrong_key in [(altered, key), (note, other), (note.partition("\n\n")[0], key), ("", key)]:
        with pytest.raises(VerificationError):
            open_checkpoint(wrong_note, wrong_key)


def test_a_log_that_forgets_is_noticed(client: Client, node: FakeNode) -> None:
    key = node.log.verifier_key
    for _ in range(3):
        list(client.persons.list())
    older = open_checkpoint(client.log.checkpoint(), key)
    del node.log.entries[1]
    list(client.persons.list())
    newer = open_checkpoint(client.log.checkpoint(), key)
    proof = proof_hashes(client.log.consistency(older.size, newer.size)["hashes"])
    with pytest.raises(VerificationError):
        verify_consistency(older, newer, proof)


@pytest.mark.parametrize("key", ["", "name", "name+00000000+AQ==", "name+zz+not base64"])
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(VerificationError):
        open_checkpoint("a\n1\nb\n\n— a c\n", key)
