"""The folder of a node: `settings.env`, `keys/`, `journal`, and `node.db` unless the data are elsewhere."""

import os
from pathlib import Path
from typing import Any

from mpex_server.keys import make_keys
from mpex_server.kit import strict_json
from mpex_server.kit.ids import new_id
from mpex_server.settings import Settings
from mpex_server.storage.engine import used
from mpex_server.storage.schema import upgrade

_SETTINGS = "settings.env"
_OF_KEYS = frozenset({"keys", "pkcs11_module", "pkcs11_token", "pkcs11_pin_file"})


def create(folder: Path, **values: Any) -> Settings:
    """Make the folder of a new node with an upgraded database and fresh keys; `values` are settings.

    Where the keys are to be is kept from the environment. They come last, so that what a database refused
    can be asked for again.
    """
    folder = folder.absolute()
    if (folder / _SETTINGS).exists():
        raise FileExistsError(f"{folder} is a folder of a node or an anchor already")
    folder.mkdir(parents=True, exist_ok=True)
    given = {name: value for name, value in values.items() if value not in (None, ())}
    complete = {
        "node_id": new_id("node"),
        "database_url": f"sqlite:///{folder / 'node.db'}",
        "key_dir": folder / "keys",
        "journal_file": folder / "journal",
        **given,
    }
    settings = Settings(**complete)
    with used(settings.database_url, settings.node_id) as engine:
        upgrade(engine)
    make_keys(settings)
    kept = [*complete, *sorted(settings.model_fields_set & _OF_KEYS)]
    _write_private(folder / _SETTINGS, "".join(_line(settings, name) for name in kept))
    return settings


def load(folder: Path, **overrides: Any) -> Settings:
    """Return the settings of a folder; environment variables and `overrides` win."""
    file = folder / _SETTINGS
    if not file.is_file():
        raise FileNotFoundError(f"{folder} is not the folder of a node; run `mpex-server init`")
    return Settings(_env_file=file, **overrides)


def lines_of_keys(settings: Settings) -> str:
    """Return the lines of `settings.env` that say where the keys are."""
    given = [name for name in sorted(_OF_KEYS | {"key_dir"}) if getattr(settings, name) is not None]
    return "".join(_line(settings, name) for name in given)


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings as environment variables, for the processes of a server."""
    return {f"MPEX_{name.upper()}": _text(settings, name) for name in settings.model_fields_set}


def _line(settings: Settings, name: str) -> str:
    return f"MPEX_{name.upper()}='{_text(settings, name)}'\n"


def _text(settings: Settings, name: str) -> str:
    value = settings.model_dump(mode="json")[name]
    return strict_json.dumps(value).decode() if isinstance(value, list) else str(value)


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
