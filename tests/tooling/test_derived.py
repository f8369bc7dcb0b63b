"""Derived files are what their generators make, and a stale or missing one is named."""

from pathlib import Path

from tools import derived


def test_every_derived_file_is_what_its_generator_makes() -> None:
    assert not derived.stale(derived.generated()), derived.REMEDY


def test_an_edited_and_a_missing_file_are_both_named(tmp_path: Path) -> None:
    (tmp_path / "kept.py").write_text("a = 1\n")
    (tmp_path / "edited.py").write_text("b = 3\n")
    texts = {"kept.py": "a = 1\n", "edited.py": "b = 2\n", "missing.py": "c = 1\n"}
    assert derived.stale(texts, tmp_path) == ["edited.py", "missing.py"]
