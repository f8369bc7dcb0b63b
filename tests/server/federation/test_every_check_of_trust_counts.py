"""Without any one check of statements, chains, marks and mandates vectors of trust are decided otherwise."""

import json
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from mpex_server.federation import chains, directory, mandate, marks, statements
from mpex_server.federation.faults import TrustError
from mpex_spec import root

from tests.server.checks_out import Tree, decides, loaded, mutants, unchanged
from tools.generators import trust
from tools.generators._trust_ground import NOW, Federation, found, told

MODULES = (statements, chains, marks, mandate)
OF_PARTNERS = {
    marks: ("find", "check_standing", "accredited", "_shown", "_verified", "_check_status", "_parsed")
}
"""What judges others; the rest of a module judges what the node itself is given, and its commands show it."""
WORDS = {"mandate: fault.pointer", "mandate: '/'"}
"""What is only said of a fault."""
OVER_TIME = {
    "marks: _is_of(parsed, said.subject, kind)",
    "marks: issuer in resolver.superiors",
    "chains: statements.issued(kept) <= said.claims['iat']",
    "chains: not error.proves_nothing",
}
"""What rests on what was said before, which no vector has: `test_unsound_answers` and `test_overlap`."""
_EVERY = 10
"""One in so many checks is taken out in every run, the others by `make test-deep`."""


def _published() -> list[dict[str, Any]]:
    """Return the cases of both files, each with what is to be made of it."""
    read = []
    for name, what in (("chains", "chain"), ("marks", "partner")):
        document = json.loads((root() / "vectors" / "trust" / f"{name}.json").read_text(encoding="utf-8"))
        read += [{"case": case, "what": what} for case in trust.whole(document)]
    return read


def _with_the_mark(*, withdrawn: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is published, and what is said of the marks, when the second was taken back or not."""
    federation = Federation()
    federation.witness.withdrawn.update({federation.node.name} if withdrawn else ())
    return federation.published(), federation.statuses()


CASES = _published()
PUBLISHED = {withdrawn: _with_the_mark(withdrawn=withdrawn) for withdrawn in (True, False)}
MUTANTS = [
    (module, tree, place)
    for module in MODULES
    for place, tree in mutants(module, *OF_PARTNERS.get(module, ()))
    if place not in WORDS | OVER_TIME
]


@pytest.mark.parametrize(
    ("module", "tree"),
    [
        pytest.param(module, tree, id=place, marks=() if number % _EVERY == 0 else pytest.mark.deep)
        for number, (module, tree, place) in enumerate(MUTANTS)
    ],
)
def test_a_vector_of_trust_needs(module: ModuleType, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    _put_in_place(module, loaded(module, tree), monkeypatch)
    assert not _decided()


@pytest.mark.parametrize("module", MODULES)
def test_with_all_checks_the_vectors_of_trust_are_decided_as_published(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put_in_place(module, unchanged(module), monkeypatch)
    assert _decided()


def _put_in_place(module: ModuleType, changed: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever reads the vectors, and what it calls, use the changed module."""
    for user in (trust, directory, *MODULES):
        for used, value in vars(user).items():
            if value is module:
                monkeypatch.setattr(user, used, changed)
            elif getattr(value, "__module__", None) == module.__name__ and user is not module:
                monkeypatch.setattr(user, used, getattr(changed, used))


def _decided() -> bool:
    return decides(_is_right, CASES) and decides(
        _is_heard_in_silence, [{"withdrawn": True}, {"withdrawn": False}]
    )


def _is_right(given: dict[str, Any]) -> bool:
    made = trust.read(given["case"], given["what"])
    return made == {member: given["case"].get(member) for member in made}


def _is_heard_in_silence(given: dict[str, Any]) -> bool:
    """Tell whether a mark counts as taken back, while the superior of the node is silent, just when it is."""
    published, statuses = PUBLISHED[given["withdrawn"]]
    silent = {"https://region.example"}
    fetch, ask = partial(found, published, silent), partial(told, statuses, silent)
    changed = vars(trust)
    resolver = changed["Resolver"](CASES[0]["case"]["anchors"], fetch, lambda: NOW)
    directory.read(resolver, fetch)
    entity = CASES[0]["case"]["entity"]
    try:
        text = fetch(f"{entity}{chains.WELL_KNOWN}")
        changed["mandate"].check_standing(text, entity, resolver, ask, *mandate.FOR_ACCESS)
    except TrustError as error:
        return bool(given["withdrawn"] and error.reason == "markNotActive")
    return not given["withdrawn"]
