"""Configuration: one set of keys, in a YAML file, as `MPEX_CONF_<KEY>` and as flags; the last named wins.

Precedence is flag over environment over file over default. An unknown key is an error that names
the nearest one.
"""

import difflib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

PREFIX = "MPEX_CONF_"


class ConfigError(ValueError):
    """The configuration cannot be used."""


def _key(default: Any, text: str) -> Any:
    return field(default=default, metadata={"text": text})


@dataclass(frozen=True, slots=True)
class Config:
    """All keys of the suite."""

    profile: str = _key("profile.toml", "file with the target's address and the identities to use")
    environment: str = _key("sandbox", "the suite writes only if this and the target's metadata say sandbox")
    conformance_class: str = _key("exchange", "class to claim: core, or exchange which includes core")
    level: str = _key("MUST", "MUST checks the binding requirements only, SHOULD all of them")
    only: tuple[str, ...] = _key((), "ids of checks or requirements to run; all others count as not tested")
    disable: tuple[str, ...] = _key((), "ids of checks that are switched off; lowers the claim")
    timeout_seconds: float = _key(15.0, "longest wait for one answer")
    event_seconds: float = _key(60.0, "longest wait for an event, a retry or a log entry")
    results: str = _key("results", "folder of the results")


def keys() -> dict[str, str]:
    """Return every key with its description."""
    return {item.name: item.metadata["text"] for item in fields(Config)}


def load(
    path: Path | None, flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> Config:
    """Return the configuration from file, environment and flags; ConfigError names what is wrong."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = _from_file(path) if path else {}
    values |= {
        name.removeprefix(PREFIX).lower(): value for name, value in environ.items() if name.startswith(PREFIX)
    }
    values |= {name: value for name, value in (flags or {}).items() if value is not None}
    for name in values:
        if name not in keys():
            raise ConfigError(_unknown(name))
    config = Config(**{name: _typed(name, value) for name, value in values.items()})
    _check(config)
    return config


def _from_file(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_text("utf-8")) or {}
    except OSError:
        raise ConfigError(f"{path.name} cannot be read") from None
    except yaml.YAMLError:
        raise ConfigError(f"{path.name} is not YAML") from None
    if not isinstance(document, dict):
        raise ConfigError(f"{path.name} must be a mapping of keys")
    return {str(name): value for name, value in document.items()}


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, keys(), n=1, cutoff=0.0)
    return f"unknown key {name!r}; did you mean {near[0]!r}?"


def _typed(name: str, value: Any) -> Any:
    default = asdict(Config())[name]
    try:
        if isinstance(default, tuple):
            items = value.replace(",", " ").split() if isinstance(value, str) else list(value)
            return tuple(str(item) for item in items)
        if isinstance(default, float):
            return float(value)
    except (TypeError, ValueError):
        raise ConfigError(f"the key {name!r} has a value of the wrong type") from None
    return str(value)


def _check(config: Config) -> None:
    for name, allowed in (
        ("environment", ("sandbox", "production")),
        ("conformance_class", ("core", "exchange")),
        ("level", ("MUST", "SHOULD")),
    ):
        if getattr(config, name) not in allowed:
            raise ConfigError(f"the key {name!r} must be one of {', '.join(allowed)}")


def template() -> str:
    """Return a commented configuration file with the defaults."""
    lines = [
        "# Configuration of mpex-conformance. Every key may also be given as MPEX_CONF_<KEY> or as a flag."
    ]
    for name, value in asdict(Config()).items():
        shown = "[]" if value == () else value
        lines += ["", f"# {keys()[name]}", f"{name}: {shown}"]
    return "\n".join(lines) + "\n"
