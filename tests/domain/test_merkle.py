"""The Merkle tree agrees with published vectors, good and bad, and with itself at every small size."""

from __future__ import annotations

import base64
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from mpex_server.domain.merkle import (
    EMPTY_ROOT,
    MemoryNodes,
    MerkleTree,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

REFERENCE_ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def published(shared_data: Path, kind: str) -> list[Path]:
    files = sorted((shared_data / "vectors" / "merkle" / kind).rglob("*.json"))
    assert len(files) == 98
    return files


def load(file: Path) -> tuple[dict[str, Any], list[bytes]]:
    case = json.loads(file.read_text())
    return case, [base64.b64decode(node) for node in case["proof"] or []]


def grown(size: int) -> MerkleTree:
    tree = MerkleTree(MemoryNodes())
    tree.extend(leaf_hash(str(number).encode()) for number in range(size))
    return tree


def test_inclusion_verifier_agrees_with_every_published_vector(shared_data: Path) -> None:
    for file in published(shared_data, "inclusion"):
        case, proof = load(file)
        leaf, root = base64.b64decode(case["leafHash"] or ""), base64.b64decode(case["root"] or "")
        good = verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root)
        assert good is not case["wantErr"], file.name


def test_consistency_verifier_agrees_with_every_published_vector(shared_data: Path) -> None:
    for file in published(shared_data, "consistency"):
        case, proof = load(file)
        old_root, new_root = base64.b64decode(case["root1"] or ""), base64.b64decode(case["root2"] or "")
        good = verify_consistency(case["size1"], case["size2"], old_root, new_root, proof)
        assert good is not case["wantErr"], file.name


def test_roots_equal_those_of_certificate_transparency() -> None:
    tree = MerkleTree(MemoryNodes())
    assert tree.root() == EMPTY_ROOT
    for entry, root in zip(REFERENCE_ENTRIES, REFERENCE_ROOTS, strict=True):
        tree.append(leaf_hash(entry))
        assert tree.root().hex() == root
    assert [tree.root(size + 1).hex() for size in range(8)] == REFERENCE_ROOTS


def test_every_inclusion_proof_verifies_for_its_leaf_only() -> None:
    tree = grown(33)
    for size in (1, 2, 3, 7, 8, 9, 31, 32, 33):
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion_proof(index, size)
            leaf = leaf_hash(str(index).encode())
            assert verify_inclusion(leaf, index, size, proof, root)
            assert not verify_inclusion(leaf, (index + 1) % size, size, proof, root) or size == 1
            assert not verify_inclusion(leaf_hash(b"forged"), index, size, proof, root)


def test_every_consistency_proof_verifies_and_forks_do_not() -> None:
    tree = grown(20)
    for old, new in itertools.combinations_with_replacement(range(1, 21), 2):
        proof = tree.consistency_proof(old, new)
        assert verify_consistency(old, new, tree.root(old), tree.root(new), proof)
        assert not verify_consistency(old, new, leaf_hash(b"fork"), tree.root(new), proof)
        assert not verify_consistency(old, new, tree.root(old), leaf_hash(b"fork"), proof)


def test_proof_length_grows_with_the_logarithm_of_the_tree() -> None:
    tree = grown(1025)
    assert max(len(tree.inclusion_proof(index)) for index in range(1025)) == 11


def test_sizes_beyond_the_tree_are_refused() -> None:
    tree = grown(3)
    for wrong in (lambda: tree.root(4), lambda: tree.inclusion_proof(3), lambda: tree.consistency_proof(0)):
        with pytest.raises(ValueError, match="tree"):
            wrong()
