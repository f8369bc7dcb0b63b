"""Commitments hide what they hold until salt and content are shown, and keep their uses apart."""

from __future__ import annotations

import pytest
from mpex_server.domain.commitments import candidates, commit, opens, pseudonym, section_digest

SALT = bytes(range(32))


def test_commitment_opens_for_the_same_salt_and_content_only() -> None:
    commitment = commit(SALT, "search", b"content")
    assert opens(commitment, SALT, "search", b"content")
    assert not opens(commitment, SALT, "search", b"other")
    assert not opens(commitment, SALT, "release", b"content")
    assert not opens(commitment, bytes(32), "search", b"content")


def test_parts_cannot_be_moved_into_one_another() -> None:
    assert commit(SALT, "a", b"bc", b"d") != commit(SALT, "a", b"b", b"cd")
    assert commit(SALT, "a", b"b") != commit(SALT, "ab")


def test_records_have_other_pseudonyms_under_other_salts() -> None:
    assert pseudonym(SALT, "person:a") != pseudonym(bytes(32), "person:a")
    assert "person" not in pseudonym(SALT, "person:a")


def test_candidates_are_a_set_and_their_number_does_not_show() -> None:
    assert candidates(SALT, ["person:a", "person:b"]) == candidates(
        SALT, ["person:b", "person:a", "person:b"]
    )
    assert len(candidates(SALT, [])) == len(candidates(SALT, ["person:a"])) == 32


def test_section_digest_binds_the_category() -> None:
    assert section_digest(SALT, "names", b"{}") != section_digest(SALT, "birth", b"{}")


def test_short_salts_are_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        commit(b"short", "search", b"")
