"""What the node's keys cost in a folder, and in a token in software where there is one."""

from functools import partial
from pathlib import Path

from mpex_server.keys import FileKeys, KeyProvider, make_keys, open_keys
from mpex_server.kit.ids import new_id
from mpex_server.settings import Settings

from benchmarks.harness import Case
from tools import softhsm

_LABEL, _PIN = "benchmark", "1234"


def cases(folder: Path) -> tuple[Case, ...]:
    """Return what to measure: a record's key wrapped and opened, and a signature."""
    found = softhsm.find()
    made = {"folder": FileKeys.create(folder / "files")} | (
        {"token": _in_token(folder, found)} if found else {}
    )
    return tuple(case for place, keys in made.items() for case in _cases(place, keys))


def _cases(place: str, keys: KeyProvider) -> tuple[Case, ...]:
    box, key = keys.wrap(b"k" * 32, b"record"), b"k" * 32
    return (
        Case(f"wrap a key ({place})", partial(keys.wrap, key, b"record")),
        Case(f"open a wrapped key ({place})", partial(keys.unwrap, keys.current(), box, b"record")),
        Case(f"sign to a partner ({place})", partial(keys.sign, b"b" * 2000)),
        Case(f"sign the log ({place})", partial(keys.sign_log, b"b" * 200)),
    )


def _in_token(folder: Path, found: softhsm.SoftHsm) -> KeyProvider:
    found.settle(folder)
    found.make(_LABEL, _PIN)
    (folder / "pin").write_text(_PIN)
    (folder / "pin").chmod(0o600)
    settings = Settings(
        environment="sandbox",
        node_id=new_id("node"),
        name="Node of the benchmark",
        public_url="http://node.example",
        database_url="sqlite://",
        keys="pkcs11",
        key_dir=folder / "sealed",
        pkcs11_module=found.module,
        pkcs11_token=_LABEL,
        pkcs11_pin_file=folder / "pin",
    )
    make_keys(settings)
    return open_keys(settings)
