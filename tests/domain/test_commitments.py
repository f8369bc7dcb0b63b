"""Commitments hide what they hold until salt and content are shown, and keep their uses apart."""

from __future__ import annotations

import pytest
from mpex_server.domain.commitments import candidates, commit

SALT = bytes(range(32))


def test_a_commitment_is_the_same_for_the_same_salt_and_content_only() -> None:
    commitment = commit(SALT, "search", b"content")
    assert commitment == commit(SALT, "search", b"content")
    assert commitment != commit(SALT, "search", b"other")
    assert commitment != commit(SALT, "release", b"content")
    assert commitment != commit(bytes(32), "search", b"content")


def test_parts_cannot_be_moved_into_one_another() -> None:
    assert commit(SALT, "a", b"bc", b"d") != commit(SALT, "a", b"b", b"cd")
    assert commit(SALT, "a", b"b") != commit(SALT, "ab")


def test_candidates_are_a_set_and_their_number_does_not_show() -> None:
    assert candidates(SALT, ["person:a", "person:b"]) == candidates(
        SALT, ["person:b", "person:a", "person:b"]
    )
    assert len(candidates(SALT, [])) == len(candidates(SALT, ["person:a"])) == 32


def test_short_salts_are_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        commit(b"short", "search", b"")
