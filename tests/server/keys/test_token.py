"""What holds of keys in a token only: they cannot be read, it may be away, and its PIN is tried once."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any

import pkcs11
import pytest
from mpex_server.keys import (
    KeysAwayError,
    KeysError,
    PinRefusedError,
    make_keys,
    open_keys,
    place_of,
    token_place,
)
from mpex_server.keys.names import SECRETS
from mpex_server.keys.token import Login, Token, _started_in
from mpex_server.kit import aead
from mpex_server.observation.state import State
from mpex_server.settings import Settings
from pkcs11 import Attribute, ObjectClass, TokenFlag, exceptions
from pydantic import ValidationError

from tests.server.commands.calls import run
from tests.server.exchange.town import permit, record, search
from tests.server.keys.conftest import PIN, settings_of
from tests.server.records import samples
from tests.server.world import World, open_world
from tools.softhsm import CONF

KEY, CONTEXT = b"k" * 32, b"person:one"


def test_what_wraps_and_signs_cannot_be_read_out_of_the_token(token_settings: Settings) -> None:
    make_keys(token_settings)
    kinds = (ObjectClass.SECRET_KEY, ObjectClass.PRIVATE_KEY)

    def look(login: Login) -> int:
        found = [key for kind in kinds for key in login.session.get_objects({Attribute.CLASS: kind})]
        for key in found:
            assert (key[Attribute.SENSITIVE], key[Attribute.EXTRACTABLE]) == (True, False)
            with pytest.raises(exceptions.AttributeSensitive):
                key[Attribute.VALUE]
        return len(found)

    assert _token(token_settings).use(look) == len({"kek", "signing", "federation", "log", "seal"})


def test_an_anchor_is_made_with_its_key_in_the_token(
    token_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"keys": "pkcs11", **_of_token(token_settings)}.items():
        monkeypatch.setenv(f"MPEX_{name.upper()}", str(value))
    run("anchor", "init", "--dir", tmp_path / "anchor", "--url", "https://anchor.example", "--name", "Anchor")
    listed = run("keys", "list", "--dir", tmp_path / "anchor")
    assert "federation-0001   in use" in listed
    assert "token" in listed.splitlines()[-1]
    assert not [*(tmp_path / "anchor/keys").glob("federation-*")]
    monkeypatch.undo()
    said = run("anchor", "keys", "--dir", tmp_path / "anchor")
    assert '"kid"' in said, "the folder says where the keys are"


def test_what_lies_beside_the_token_is_sealed_by_it_and_to_its_name(token_settings: Settings) -> None:
    make_keys(token_settings)
    keys, folder = open_keys(token_settings), token_settings.key_dir
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not any(keys.secret(name) in written for name in SECRETS)
    assert b"OKP" not in written
    (folder / "etag.secret").rename(folder / "cursor.secret")
    with pytest.raises(KeysError, match="cursor in MPEX_KEY_DIR was not sealed"):
        place_of(token_settings).store.read("cursor")


def test_nodes_that_share_a_token_do_not_see_one_another(token_settings: Settings, tmp_path: Path) -> None:
    other = settings_of("pkcs11", tmp_path / "other", **_of_token(token_settings))
    for settings in (token_settings, other):
        make_keys(settings)
    one, two = open_keys(token_settings), open_keys(other)
    assert one.signing_kid() != two.signing_kid()
    with pytest.raises(aead.SealError):
        two.unwrap("kek-0001", one.wrap(KEY, CONTEXT), CONTEXT)


def test_a_refused_pin_is_tried_once_and_shown_nowhere(token_settings: Settings) -> None:
    make_keys(token_settings)
    asked: list[str] = []

    def pin() -> str:
        asked.append("once")
        return "4712-other"

    # Whoever has logged in before lets everybody in the process in.
    pkcs11.lib(str(token_settings.pkcs11_module)).reinitialize()
    token = _token(token_settings, pin)
    for _ in range(3):
        with pytest.raises(KeysAwayError, match=r"refuses the PIN.*\(PinIncorrect\)") as told:
            token.use(Login.labels)
        assert "4712" not in str(told.value) + repr(told.value) + repr(told.value.__context__)
    assert asked == ["once"]
    assert open_keys(token_settings).current() == "kek-0001"


def test_the_pin_is_in_a_file_for_the_node_alone_or_in_a_variable(
    token_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = token_settings.pkcs11_pin_file
    assert file is not None
    assert token_place._pin(file) == PIN
    file.chmod(0o640)
    with pytest.raises(KeysError, match="chmod 600"):
        token_place._pin(file)
    with pytest.raises(KeysError, match="MPEX_PKCS11_PIN_FILE, or set MPEX_PKCS11_PIN"):
        token_place._pin(None)
    monkeypatch.setenv("MPEX_PKCS11_PIN", PIN)
    assert token_place._pin(None) == PIN
    assert PIN not in repr(token_settings)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (exceptions.DeviceMemory, "has no room for another key"),
        (exceptions.MechanismInvalid, "cannot do AES-GCM"),
        (exceptions.TokenWriteProtected, "cannot be written to"),
        (exceptions.PinLocked, "has locked the PIN"),
        (exceptions.DeviceRemoved, r"does not answer \(DeviceRemoved\)"),
    ],
)
def test_an_error_of_the_token_says_what_to_do(
    token_settings: Settings, fault: type[Exception], says: str
) -> None:
    def fail(_login: Login) -> None:
        raise fault

    with pytest.raises(KeysAwayError, match=says):
        _token(token_settings).use(fail)


def test_a_token_or_a_module_that_is_not_there_is_named(token_settings: Settings, tmp_path: Path) -> None:
    strange = token_settings.model_copy(update={"pkcs11_token": "nobody"})
    with pytest.raises(KeysAwayError, match="'nobody' is not there"):
        make_keys(strange)
    assert not strange.key_dir.exists()
    with pytest.raises(KeysError, match="MPEX_PKCS11_MODULE names no file"):
        make_keys(token_settings.model_copy(update={"pkcs11_module": tmp_path / "none.so"}))
    (tmp_path / "text.so").write_text("no library")
    with pytest.raises(KeysAwayError, match="its module does not load"):
        make_keys(token_settings.model_copy(update={"pkcs11_module": tmp_path / "text.so"}))
    with pytest.raises(ValidationError, match="needs MPEX_PKCS11_MODULE"):
        settings_of("pkcs11", tmp_path)


def test_a_token_that_is_away_is_asked_again_after_a_second(token_settings: Settings) -> None:
    make_keys(token_settings)
    now = [100.0]
    token = _token(token_settings, monotonic=lambda: now[0])
    with _away():
        for says in ("does not answer", "did not answer just now"):
            with pytest.raises(KeysAwayError, match=says):
                token.use(Login.labels)
    now[0] += 0.9
    with pytest.raises(KeysAwayError, match="did not answer just now"):
        token.use(Login.labels)
    now[0] += 0.1
    assert token.use(Login.labels)


def test_a_login_that_was_lost_is_renewed(token_settings: Settings) -> None:
    make_keys(token_settings)
    keys, token = open_keys(token_settings), _token(token_settings)
    box = keys.wrap(KEY, CONTEXT)
    pkcs11.lib(str(token_settings.pkcs11_module)).reinitialize()
    assert keys.unwrap("kek-0001", box, CONTEXT) == KEY
    pkcs11.lib(str(token_settings.pkcs11_module)).reinitialize()
    # Whoever gave the PIN ends the login of all sessions of the process with his own.
    assert token.use(Login.labels)
    assert keys.unwrap("kek-0001", box, CONTEXT) == KEY
    token.use(lambda login: login.session.close())
    assert keys.unwrap("kek-0001", box, CONTEXT) == KEY
    assert len(keys.sign(b"data")) == 64


def test_a_forked_process_starts_the_module_and_a_login_of_its_own(token_settings: Settings) -> None:
    token = _token(token_settings)
    assert token.use(lambda login: login.process) == os.getpid()
    child = os.fork()
    if not child:
        process = token.use(lambda login: login.process)
        os._exit(0 if process == _started_in[str(token_settings.pkcs11_module)] == os.getpid() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_token_is_used_by_one_thread_at_a_time(token_settings: Settings) -> None:
    inside: list[int] = []

    def work(_login: Login) -> int:
        inside.append(1)
        sleep(0.01)
        found = len(inside)
        inside.pop()
        return found

    tokens = [_token(token_settings) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        assert {*pool.map(lambda number: tokens[number % 2].use(work), range(8))} == {1}


def test_a_pin_is_not_tried_when_the_next_wrong_one_locks_the_token(
    token_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _token(token_settings, lambda: pytest.fail("the PIN was asked for"))
    monkeypatch.setattr(token, "_token", lambda: SimpleNamespace(flags=TokenFlag.USER_PIN_FINAL_TRY))
    with pytest.raises(PinRefusedError, match="has locked the PIN, or would at the next wrong one"):
        token.use(Login.labels)


def test_a_full_token_is_left_as_it_was(token_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_session: object, label: str) -> None:
        raise exceptions.DeviceMemory(label)

    with monkeypatch.context() as patched:
        patched.setitem(token_place._MAKERS, "log", full)
        with pytest.raises(KeysAwayError, match="no room"):
            make_keys(token_settings)
    assert _token(token_settings).use(Login.labels) == []
    assert not token_settings.key_dir.exists()
    make_keys(token_settings)
    assert open_keys(token_settings).current() == "kek-0001"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_node_records_and_searches_with_a_token_and_waits_while_it_is_away(
    token_settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mpex_server.keys.token._PAUSE_SECONDS", 0)
    settings = token_settings.model_copy(update={"database_url": database_url})
    make_keys(settings)
    world = open_world(settings)
    found = f"/v1/persons/{record(world, permit(world, sets=['identity']))}"
    assert world.call("one", "POST", "/v1/searches", search()).json()["outcome"] == "possibleHit"
    leaves = len(world.leaves())
    with _away():
        answer = world.raw("GET", "/health/ready")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert [fault["pointer"] for fault in answer.json()["errors"]] == ["keys"]
        assert _keys_up(world) == 0
        for who, method, path, body in (
            ("registrar", "GET", found, None),
            ("registrar", "POST", "/v1/persons", samples.person()),
            ("one", "POST", "/v1/searches", search()),
        ):
            answer = world.call(who, method, path, body)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert answer.json()["type"] == "urn:mpex:problem:unavailable"
    assert len(world.leaves()) == leaves
    assert world.raw("GET", "/health/ready").status_code == 200
    assert _keys_up(world) == 1
    assert world.call("registrar", "GET", found).status_code == 200
    world.sequence()
    assert world.call("one", "POST", "/v1/searches", search()).json()["outcome"] == "possibleHit"
    world.close()


def _keys_up(world: World) -> float:
    """Return what Prometheus reads of the keys."""
    (found,) = (metric for metric in State(world.node).collect() if metric.name == "mpex_keys_up")
    return found.samples[0].value


@contextmanager
def _away() -> Iterator[None]:
    """Take all tokens away, and bring them back."""
    tokens = Path(os.environ[CONF]).parent / "tokens"
    tokens.rename(tokens.with_name("gone"))
    try:
        yield
    finally:
        tokens.with_name("gone").rename(tokens)


def _of_token(settings: Settings) -> dict[str, Any]:
    return settings.model_dump(include={"pkcs11_module", "pkcs11_token", "pkcs11_pin_file"})


def _token(
    settings: Settings, pin: Callable[[], str] = lambda: PIN, monotonic: Callable[[], float] = lambda: 0.0
) -> Token:
    assert settings.pkcs11_module is not None
    assert settings.pkcs11_token is not None
    return Token(settings.pkcs11_module, settings.pkcs11_token, pin, monotonic)
