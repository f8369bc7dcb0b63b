"""A node's keys are made, listed, changed and ended by command, wherever they lie."""

from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from mpex_server.cli import app
from mpex_server.disclosures.work import OwnWork
from mpex_server.keys import make_keys, open_keys, place_of
from mpex_server.keys.names import NUMBERED, SECRETS
from mpex_server.settings import Settings
from mpex_server.setup import folder, serve
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository as tasks
from pkcs11 import lib
from typer.testing import CliRunner

from tests.server.keys.conftest import PIN, Site, verify_es256
from tests.server.records import samples
from tests.server.world import World

INIT = ("init", "--url", "https://node.example", "--name", "Node", "--purpose", "searchLiving")


def run(*arguments: str | Path, status: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return result.output.replace("\n", " ")


@pytest.fixture
def home(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a node that was made by command."""
    of_keys = {"keys", "pkcs11_module", "pkcs11_token", "pkcs11_pin_file"}
    for name, value in site.settings.model_dump(include=of_keys, exclude_none=True).items():
        monkeypatch.setenv(f"MPEX_{name.upper()}", str(value))
    if site.settings.keys == "environment":
        refused = run(*INIT, "--dir", tmp_path / "node", status=1)
        assert "the environment (MPEX_SECRET_…) lacks kek," in refused
        _set(monkeypatch, run("keys", "make"))
    run(*INIT, "--dir", tmp_path / "node")
    # From here on the folder says where the keys are.
    for name in of_keys:
        monkeypatch.delenv(f"MPEX_{name.upper()}", raising=False)
    return tmp_path / "node"


def test_keys_are_changed_with_an_overlap_and_then_ended(
    site: Site, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (home / "settings.env").read_text()
    assert f"MPEX_KEYS='{site.settings.keys}'" in text
    assert PIN not in text
    assert "SECRET" not in text
    assert (home / "keys").exists() == site.at_once
    for kind in ("signing", "kek"):
        command = ("rekey", "--new-key") if kind == "kek" else ("new-key", kind)
        if site.at_once:
            assert f"{kind}-0002 would be added" in run(*command, "--dir", home, "--dry-run")
            assert f"{kind}-0002" not in run("keys", "list", "--dir", home)
            assert f"Added {kind}-0002; copy the keys now" in run(*command, "--dir", home)
        else:
            said = run(*command, "--dir", home, status=1)
            assert said == run(*command, "--dir", home, "--dry-run", status=1)
            make = ("keys", "make", kind, "--after", "1")
            assert f"Set MPEX_SECRET_{kind.upper()}_0002 to what `mpex-server {' '.join(make)}`" in said
            _set(monkeypatch, run(*make))
            run("rekey", "--dir", home)
    listed = run("keys", "list", "--dir", home)
    for name, used in (("kek-0001", False), ("kek-0002", True), ("federation-0001", True), ("log", True)):
        assert f"{name:<16}  {'in use' if used else 'counts too'}" in listed
    if site.at_once:
        assert "kek-0001 can be removed" in run("keys", "remove", "--dir", home, "kek-0001", "--dry-run")
        assert "kek-0001 was removed" in run("keys", "remove", "--dir", home, "kek-0001")
        assert "kek-0001" not in run("keys", "list", "--dir", home)
    else:
        for options in ((), ("--dry-run",)):
            said = run("keys", "remove", "--dir", home, "kek-0001", *options, status=1)
            assert "Take MPEX_SECRET_KEK_0001 away" in said
        monkeypatch.delenv("MPEX_SECRET_KEK_0001")
    assert "No damage found." in run("check", "--dir", home)


MOVES = [("file", "environment"), ("file", "pkcs11"), ("environment", "file"), ("environment", "pkcs11")]


@pytest.mark.parametrize(("site", "to"), MOVES, indirect=["site"])
def test_keys_are_moved_and_what_they_sealed_and_signed_still_counts(
    home: Path, to: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    before = open_keys(folder.load(home))
    if to == "pkcs11":
        _name_token(monkeypatch, request.getfixturevalue("token_settings"))
    would = run("keys", "move", "--dir", home, to, "--dry-run")
    assert not (home / f"keys-{to}").exists()
    printed = run("keys", "move", "--dir", home, to)
    if to == "environment":
        _set(monkeypatch, printed)
        assert would.split() == [line.partition("=")[0] for line in printed.split()]
    else:
        assert f"{len(place_of(folder.load(home)).names())} keys and secrets would be copied to" in would
        assert f"MPEX_KEYS='{to}'" in printed
    after = open_keys(folder.load(home, keys=to, key_dir=home / f"keys-{to}"))
    for one, other in ((before, after), (after, before)):
        assert one.unwrap("kek-0001", other.wrap(b"k" * 32, b"context"), b"context") == b"k" * 32
    assert after.public_jwks() == before.public_jwks()
    assert after.federation_jwks() == before.federation_jwks()
    assert after.log_public_key() == before.log_public_key()
    assert {name: after.secret(name) for name in SECRETS} == {name: before.secret(name) for name in SECRETS}
    public = Ed25519PublicKey.from_public_bytes(before.log_public_key())
    public.verify(after.sign_log(b"checkpoint"), b"checkpoint")
    verify_es256(before.public_jwks(), before.signing_kid(), after.sign)
    kid = before.federation_jwks()["keys"][0]["kid"]
    verify_es256(before.federation_jwks(), kid, partial(after.sign_federation, kid))


@pytest.mark.parametrize("site", ["pkcs11"], indirect=True)
def test_keys_in_a_token_stay_there(home: Path) -> None:
    said = run("keys", "move", "--dir", home, "file", status=1)
    assert "federation-0001, kek-0001, log, signing-0001 cannot be read out of the token" in said
    assert not (home / "keys-file").exists()


def test_a_key_that_is_needed_is_not_removed(home: Path) -> None:
    for name, why in (
        ("kek-0001", "it is the only one of its kind"),
        ("log", "it is the only one of its kind"),
        ("etag", "it is the only one of its kind"),
        ("kek-0007", "there is none"),
        ("../settings", "there is none"),
    ):
        assert f"{name} cannot be removed: {why}" in run("keys", "remove", "--dir", home, name, status=1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_is_not_removed_before_everything_is_under_a_newer_one(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    record = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    with transaction(world.node.engine) as conn:
        tasks.add(OwnWork(conn, world.node.keys, world.clock, settings), kind="probedRecord", subject=record)
    lines = (f"{name}='{value}'\n" for name, value in folder.environment(settings).items())
    (tmp_path / "settings.env").write_text("".join(lines))
    for kind in NUMBERED:
        place_of(settings).add(kind)
    older = {
        "kek-0001": "1 documents",
        "index-0001": "1 records of the index",
        "audit-0001": "tasks or",
    }
    for name, what in older.items():
        said = run("keys", "remove", "--dir", tmp_path, name, status=1)
        assert f"{what}" in said
        assert f"are still under {name}: run `mpex-server rekey` first." in said
        assert "it is in use" in run("keys", "remove", "--dir", tmp_path, name[:-1] + "2", status=1)
    run("rekey", "--dir", tmp_path)
    for name in (*older, "federation-0001"):
        assert f"{name} was removed" in run("keys", "remove", "--dir", tmp_path, name)
    assert [leaf.get("reason") for leaf in world.leaves()][-4:] == ["keyRemoved"] * 4
    world.sequence()
    assert "No damage found." in run("check", "--dir", tmp_path)


def test_a_server_does_not_start_with_a_pin_that_is_refused(
    token_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_keys(token_settings)
    lib(str(token_settings.pkcs11_module)).reinitialize()
    wrong = tmp_path / "wrong"
    wrong.write_text("0000-wrong")
    wrong.chmod(0o600)
    strange = token_settings.model_copy(update={"pkcs11_pin_file": wrong, "database_url": "sqlite://"})
    with pytest.raises(SystemExit, match="78"):
        serve._check(strange, 1)
    assert "refuses the PIN" in capsys.readouterr().err


def _name_token(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    for name in ("pkcs11_module", "pkcs11_token", "pkcs11_pin_file"):
        monkeypatch.setenv(f"MPEX_{name.upper()}", str(getattr(settings, name)))


def _set(monkeypatch: pytest.MonkeyPatch, printed: str) -> None:
    for line in printed.split():
        monkeypatch.setenv(*line.split("=", 1))
