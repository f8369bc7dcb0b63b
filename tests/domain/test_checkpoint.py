"""Checkpoints are C2SP signed notes: readable by others, refused when anything in them was changed."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from mpex_server.domain.checkpoint import (
    Checkpoint,
    NoteError,
    Verifier,
    open_checkpoint,
    sign,
    signature_line,
    verify,
)
from mpex_server.domain.merkle import EMPTY_ROOT

ORIGIN = "node.example/log"
# The verifier key and note that the signed-note format was published with.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNX"
    "gKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def key(seed: int = 7) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def verifier(name: str = ORIGIN, seed: int = 7) -> Verifier:
    return Verifier(name, key(seed).public_key().public_bytes_raw())


def note(size: int = 3) -> str:
    return sign(Checkpoint(ORIGIN, size, EMPTY_ROOT).text, verifier(), key().sign)


def test_published_note_verifies_with_its_published_key() -> None:
    text, names = verify(PETER_NOTE, Verifier.from_text(PETER))
    assert text.startswith("If you think")
    assert names == {"PeterNeumann"}
    with pytest.raises(NoteError):
        verify(PETER_NOTE.replace("answer", "cause"), Verifier.from_text(PETER))


def test_checkpoint_has_the_lines_that_the_format_prescribes() -> None:
    lines = note().split("\n")
    assert lines[:4] == [ORIGIN, "3", base64.b64encode(EMPTY_ROOT).decode(), ""]
    assert lines[4].startswith(f"\u2014 {ORIGIN} ")
    assert len(base64.b64decode(lines[4].rsplit(" ", 1)[1])) == 68
    assert lines[5:] == [""]


def test_signed_checkpoint_opens_with_its_own_key_only() -> None:
    assert open_checkpoint(note(), verifier()) == Checkpoint(ORIGIN, 3, EMPTY_ROOT)
    with pytest.raises(NoteError):
        open_checkpoint(note(), verifier(seed=8))
    with pytest.raises(NoteError):
        open_checkpoint(note(), verifier("other.example/log"))


def test_checkpoint_under_the_name_of_another_log_is_refused() -> None:
    forged = sign(Checkpoint("other.example/log", 3, EMPTY_ROOT).text, verifier(), key().sign)
    with pytest.raises(NoteError, match="origin"):
        open_checkpoint(forged, verifier())


def test_further_signatures_may_follow_and_unknown_ones_are_passed_over() -> None:
    witness = verifier("witness.example", 9)
    text = Checkpoint(ORIGIN, 3, EMPTY_ROOT).text
    cosigned = note() + signature_line(text, witness, key(9).sign)
    assert verify(cosigned, verifier(), witness)[1] == {ORIGIN, "witness.example"}
    assert open_checkpoint(cosigned, verifier()).size == 3


def test_wrong_signature_of_a_known_key_is_never_passed_over() -> None:
    witness = verifier("witness.example", 9)
    text = Checkpoint(ORIGIN, 3, EMPTY_ROOT).text
    with pytest.raises(NoteError, match="wrong"):
        verify(note() + signature_line(text, witness, key(10).sign), verifier(), witness)


def test_verifier_keys_survive_being_written_and_read() -> None:
    assert Verifier.from_text(str(verifier())) == verifier()
    with pytest.raises(NoteError):
        Verifier.from_text(str(verifier()).replace(ORIGIN, "other.example"))


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", "a\n01\nAA==\n", "a\n-1\n\n", "a\n1\n!!\n", "a\n1\nAA==\n", "\n1\n" + "A" * 43 + "=\n"],
)
def test_texts_that_are_no_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.from_text(text)


@given(position=st.integers(min_value=0), replacement=st.characters(codec="utf-8"))
def test_no_change_of_a_character_leaves_a_note_that_says_something_else(
    position: int, replacement: str
) -> None:
    good = note()
    place = position % len(good)
    changed = good[:place] + replacement + good[place + 1 :]
    try:
        checkpoint = open_checkpoint(changed, verifier())
    except NoteError:
        return
    assert checkpoint == open_checkpoint(good, verifier())
