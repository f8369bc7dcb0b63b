"""Configuration: precedence, unknown keys, and the file that `init` writes."""

from pathlib import Path

import pytest
import yaml
from mpex_conformance.config import Config, ConfigError, load, template


def test_flag_wins_over_environment_over_file_over_default(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("level: SHOULD\nresults: from-file\ntimeout_seconds: 3\n", "utf-8")
    environ = {"MPEX_CONF_RESULTS": "from-environ", "MPEX_CONF_ONLY": "rec-001, wire-002"}
    config = load(file, {"results": "from-flag", "profile": None}, environ)
    assert config == Config(
        level="SHOULD", results="from-flag", timeout_seconds=3.0, only=("rec-001", "wire-002")
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("profil: x", "did you mean 'profile'"),
        ("conformance_clas: x", "did you mean 'conformance_class'"),
        ("level: MAY", "MUST, SHOULD"),
        ("timeout_seconds: soon", "'timeout_seconds'"),
        ("- a list", "mapping"),
        ("a: [", "not YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=place):
        load(file, environ={})


def test_an_unknown_environment_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="did you mean 'level'"):
        load(None, environ={"MPEX_CONF_LEVLE": "MUST"})


def test_the_template_is_the_default(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(template(), "utf-8")
    assert yaml.safe_load(template()).keys()
    assert load(file, environ={}) == Config()
