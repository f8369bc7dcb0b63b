"""Two implementations of the consent decision, one from the text and one of the server, agree."""

import json
from pathlib import Path
from typing import Any

import pytest
from mpex_conformance.mutants.catalogue import entries, in_place
from mpex_conformance.mutants.exchange import Switch
from mpex_spec import codelist

from tests.oracle.cases import case, reduced
from tests.oracle.consent import decide
from tools.generators.consent import decided, outcomes

Json = dict[str, Any]
VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "consent"


def plain(answer: Json) -> Json:
    """Return an answer with the recipients of an obligation in one order, each once."""
    duties = answer.get("obligations")
    if not duties:
        return answer
    excluded = sorted({json.dumps(entry) for entry in duties["doNotShareWith"]})
    return answer | {"obligations": duties | {"doNotShareWith": excluded}}


def disagreement(found: Json) -> dict[str, tuple[Json, Json]]:
    """Return what text and server say, wherever they differ."""
    text = decide(found)
    return {
        f"{contribution} {category}": (ours, theirs)
        for (contribution, category), ours, theirs in (
            (place, plain(text[place]), plain(rest)) for place, rest in _of(outcomes(decided(found)))
        )
        if ours != theirs
    }


def _of(stated: list[Json]) -> list[tuple[tuple[str, str], Json]]:
    members = ("permit", "reasons", "obligations")
    return [
        (
            (entry["contribution"], entry["category"]),
            {name: entry[name] for name in members if name in entry},
        )
        for entry in stated
    ]


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*.json")), ids=lambda path: path.stem)
def test_the_text_alone_suffices_for_the_published_decisions(path: Path) -> None:
    published = json.loads(path.read_text("utf-8"))
    wrong = []
    for vector in published["cases"]:
        answers = decide({**vector, "query": published["defaults"] | vector["query"]})
        if any(plain(answers[place]) != plain(rest) for place, rest in _of(vector["outcomes"])):
            wrong.append(vector["name"])
    assert not wrong


def _agree(seeds: range) -> None:
    for seed in seeds:
        found = case(seed)
        if disagreement(found):
            least = reduced(found, lambda smaller: bool(disagreement(smaller)))
            pytest.fail(f"text and server: {disagreement(least)} for {json.dumps(least, indent=1)}")


def test_text_and_server_agree_on_cases_at_random() -> None:
    _agree(range(4000))


@pytest.mark.deep
def test_text_and_server_agree_on_many_cases() -> None:
    _agree(range(10_000, 80_000))


def test_the_cases_reach_both_answers_often() -> None:
    answers = [answer for seed in range(1000) for answer in decide(case(seed)).values()]
    assert 0.05 < sum(answer["permit"] for answer in answers) / len(answers) < 0.95
    given = {reason for answer in answers for reason in answer["reasons"]}
    assert given == set(codelist("decisionReasons")), "some reason is never reached"


_BROKEN = ("recipientIgnored", "withdrawalIgnored", "denialIgnored", "exclusionIgnored", "unknownIsNoConcern")


@pytest.mark.parametrize("name", _BROKEN)
def test_a_broken_decision_is_noticed(name: str) -> None:
    (entry,) = (entry for entry in entries() if entry.id == name)
    with in_place(entry, Switch(_nothing)):
        assert any(disagreement(case(seed)) for seed in range(4000))


async def _nothing(*_: Any) -> None:
    """Stands where a node would stand."""
