"""A derived file that is stale or missing is named; `make check` compares all of them."""

from pathlib import Path

from tools import derived


def test_an_edited_and_a_missing_file_are_both_named(tmp_path: Path) -> None:
    (tmp_path / "kept.py").write_text("a = 1\n")
    (tmp_path / "edited.py").write_text("b = 3\n")
    texts = {"kept.py": "a = 1\n", "edited.py": "b = 2\n", "missing.py": "c = 1\n"}
    assert derived.stale(texts, tmp_path) == ["edited.py", "missing.py"]
