"""The generators of the client's derived files."""

import re
from pathlib import Path

import pytest

from tools.generators import client_problems, client_sync, client_types

ROOT = Path(__file__).resolve().parents[2]


def test_a_replacement_that_replaces_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(client_sync.REPLACEMENTS, "AsyncNobody", "Nobody")
    with pytest.raises(ValueError, match="AsyncNobody"):
        client_sync.generate()


def test_the_blocking_client_waits_for_nothing_asynchronous() -> None:
    for path, text in client_sync.generate().items():
        code = re.sub(r'""".*?"""|#[^\n]*', "", text, flags=re.DOTALL)
        assert not re.search(r"\b(async|await|Async\w+|Sync\w+|asyncio)\b", code), path


def test_every_asynchronous_module_has_its_blocking_form() -> None:
    package = ROOT / "client_sdk/src/mpex_client"
    names = [{path.name for path in (package / form).glob("*.py")} for form in ("_async", "_sync")]
    assert names[0] == names[1]


def test_every_schema_has_its_module() -> None:
    made = {Path(path).stem for path in client_types.generate()}
    schemas = {path.stem.replace("-", "_") for path in (ROOT / "spec/schemas").glob("*.json")}
    assert schemas <= made


def test_problem_classes_are_named_after_their_codes() -> None:
    [text] = client_problems.generate().values()
    assert "class SchemaViolation(ProblemError):" in text
    assert "code = 'schemaViolation'" in text
