"""The blocking client of the SDK, made from the asynchronous one by unasync."""

import tempfile
from pathlib import Path

import unasync  # type: ignore[import-untyped]  # the package ships no types

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "client_sdk/src/mpex_client"
REPLACEMENTS = {
    "AsyncClient": "Client",
    "_async": "_sync",
    "aclose": "close",
    "async_sleep": "sync_sleep",
    "async_within": "sync_within",
    "AsyncBaseTransport": "BaseTransport",
    "aiter_bytes": "iter_bytes",
}


def generate() -> dict[str, str]:
    """Return the text of each module by its path; ValueError for a replacement that replaces nothing."""
    sources = sorted((ROOT / PACKAGE / "_async").glob("*.py"))
    unused = unused_replacements([path.read_text(encoding="utf-8") for path in sources])
    if unused:
        raise ValueError(f"these replacements are used nowhere, take them out: {', '.join(unused)}")
    with tempfile.TemporaryDirectory() as folder:
        rule = unasync.Rule(f"{ROOT / PACKAGE}/_async/", f"{folder}/", REPLACEMENTS)
        unasync.unasync_files([str(path) for path in sources], [rule])
        return {
            f"{PACKAGE}/_sync/{path.name}": _marked(Path(folder, path.name).read_text(encoding="utf-8"))
            for path in sources
        }


def unused_replacements(texts: list[str]) -> list[str]:
    """Return the words of the replacement table that none of `texts` has as a token."""
    words = {
        token.src.strip("\"'")
        for text in texts
        for token in unasync.tokenize_rt.src_to_tokens(text)
        if token.name in {"NAME", "STRING"}
    }
    return sorted(REPLACEMENTS.keys() - words)


def _marked(text: str) -> str:
    return f"# Generated from _async by tools/generators/client_sync.py; never edited.\n{text}"
