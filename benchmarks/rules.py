"""The rules that run for every request, on the largest published examples."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mpex_server.domain.consent import decide
from mpex_server.domain.directives import Directive, Requester
from mpex_server.domain.features import features
from mpex_server.domain.features_codec import pack, unpack
from mpex_server.domain.index_keys import index_keys, index_tokens
from mpex_server.domain.merkle import MemoryNodes, MerkleTree
from mpex_server.domain.scoring import score
from mpex_server.domain.voices import Query
from mpex_server.http.spec import schema_validator
from mpex_server.kit import strict_json

from benchmarks.harness import Case

_EXAMPLES = Path(__file__).resolve().parents[1] / "spec" / "examples"


def _example(name: str) -> Any:
    return json.loads((_EXAMPLES / f"{name}.max.json").read_text(encoding="utf-8"))


def cases() -> tuple[Case, ...]:
    """Return what to measure; the documents are read once, here."""
    record = _example("person-record")
    body = json.dumps(record).encode()
    validator = schema_validator("person-record")
    directive = Directive.from_document(_example("consent-directive"))
    query = Query(
        requester=Requester(
            node_id="node:asker",
            recipient_class="forensic",
            territories=frozenset({"ZY"}),
            purposes=frozenset({"identifyDeceased"}),
        ),
        purpose="identifyDeceased",
        categories=frozenset({"names", "birth", "physical", "medical", "dental"}),
        at=datetime(2026, 11, 21, tzinfo=UTC),
        living=False,
        contributions={entry["contributionId"]: directive.directive_id for entry in record["contributions"]},
    )
    compact = features(record)
    packed = pack(compact)
    tree = MerkleTree(MemoryNodes())
    return (
        Case("read strict JSON", lambda: strict_json.loads(body)),
        Case("judge a record by its schema", lambda: validator.is_valid(record)),
        Case("decide on consent", lambda: decide(query, [directive]).per),
        Case("derive index tokens", lambda: index_tokens(b"k" * 32, index_keys(record))),
        Case("derive and pack features", lambda: pack(features(record))),
        Case("unpack and score a candidate", lambda: score(compact, unpack(packed))),
        Case("append a leaf to the log", lambda: tree.append(b"leaf")),
    )
