"""A node refuses to start insecurely, and its keys are for its owner alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mpex_server.keys import FileKeys, KeysError
from mpex_server.kit import aead
from mpex_server.settings import Settings
from pydantic import ValidationError

GOOD: dict[str, Any] = {
    "node_id": f"node:{'a' * 26}",
    "name": "Node of the tests",
    "public_url": "https://node.example",
    "database_url": "sqlite://",
    "key_dir": "keys",
}


def test_every_setting_is_documented() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("values", "sandbox_only"),
    [
        ({"public_url": "http://node.example"}, True),
        ({"public_url": "https://127.0.0.1:8443"}, True),
        ({"search_hold_seconds": 0}, True),
        ({"clock_file": "clock"}, True),
        ({"superiors": ["https://above.example/"]}, False),
        ({"token_seconds": 301}, False),
        ({"sequencer_seconds": 11}, False),
        ({"node_id": "node:short"}, False),
        ({"purposes": []}, False),
        ({"purposes": ["searchLiving", "borderControl"]}, False),
        ({"purposes": ["whatever"]}, False),
        ({"participation_class": "whatever"}, False),
    ],
)
def test_insecure_values_are_refused(values: dict[str, Any], sandbox_only: bool) -> None:
    with pytest.raises(ValidationError):
        Settings(**{**GOOD, **values})
    if sandbox_only:
        assert Settings(**{**GOOD, **values, "environment": "sandbox"}).sandbox


@pytest.mark.parametrize("environment", ["sandbox", "production"])
@pytest.mark.parametrize(
    "url",
    [
        "https://me@node.example",
        "https://node.example:99999",
        "https://node.example?",
        "https://node.example/",
        "ftp://node.example",
        "node.example",
    ],
)
def test_a_public_address_is_an_entity_identifier(environment: str, url: str) -> None:
    with pytest.raises(ValidationError, match="MPEX_PUBLIC_URL: an entity identifier"):
        Settings(**GOOD | {"environment": environment, "public_url": url})


def test_processes_that_share_a_clock_file_move_in_time_together(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("0")
    clock = Settings(**GOOD | {"environment": "sandbox", "clock_file": file}).clock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    file.write_text(str(3 * 86400))
    assert abs(clock.now() - datetime.now(UTC) - timedelta(days=3)) < timedelta(minutes=1)
    file.write_text("tomorrow")
    with pytest.raises(ValueError, match="invalid literal"):
        clock.now()


def test_a_key_folder_that_others_can_read_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    FileKeys.create(folder)
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    folder.chmod(0o750)
    with pytest.raises(KeysError, match="chmod 700"):
        FileKeys(folder)


def test_a_new_key_encryption_key_wraps_and_the_old_one_unwraps(tmp_path: Path) -> None:
    keys = FileKeys.create(tmp_path / "keys")
    old, box = keys.current(), keys.wrap(b"k" * 32, b"context")
    (tmp_path / "keys" / "kek-0002.key").write_bytes(aead.new_key())
    rotated = FileKeys(tmp_path / "keys")
    assert rotated.current() == "kek-0002"
    assert rotated.unwrap(old, box, b"context") == b"k" * 32
    with pytest.raises(aead.SealError):
        rotated.unwrap(old, box, b"another context")


def test_older_signing_keys_stay_published(tmp_path: Path) -> None:
    keys = FileKeys.create(tmp_path / "keys")
    other = FileKeys.create(tmp_path / "other")
    (tmp_path / "other" / "signing-0001.jwk").rename(tmp_path / "keys" / "signing-0002.jwk")
    rotated = FileKeys(tmp_path / "keys")
    assert rotated.signing_kid() == other.signing_kid()
    published = {key["kid"] for key in rotated.public_jwks()["keys"] if key["use"] == "sig"}
    assert published == {keys.signing_kid(), other.signing_kid()}
