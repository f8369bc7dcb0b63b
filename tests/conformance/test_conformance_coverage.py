"""Checks and requirements fit each other: every binding sentence has its check, under the id it names."""

import inspect

from mpex_conformance.explain import explain
from mpex_conformance.mutants import catalogue
from mpex_conformance.registry import all_checks
from mpex_spec import Requirement, requirements


def test_every_requirement_has_the_checks_that_it_names() -> None:
    borne = {item.id: sorted(c.id for c in all_checks() if item.id in c.requirements) for item in named()}
    assert borne == {item.id: sorted(item.checks) for item in named()}


def test_every_binding_sentence_has_a_broken_node_or_a_reason() -> None:
    broken = {entry.requirement for entry in catalogue.entries()}
    assert broken <= requirements().keys()
    bare = [item.id for item in named() if item.level.startswith("MUST") and item.id not in broken]
    assert not bare


def test_every_broken_node_is_one_of_the_catalogue() -> None:
    made = {
        name
        for home in catalogue.HOMES
        for name, found in vars(home).items()
        if not name.startswith("_") and "call" in _parameters(found) and found.__module__ == home.__name__
    }
    assert made == {entry.wrapper for entry in catalogue.entries() if entry.wrapper}


def test_no_check_bears_a_requirement_that_does_not_exist_or_is_excluded() -> None:
    known = {item.id: item for item in requirements().values()}
    for check in all_checks():
        for requirement in check.requirements:
            assert known[requirement].excluded is None
            assert known[requirement].level.startswith(check.level)


def test_every_check_says_what_it_looks_for() -> None:
    titles = [check.title for check in all_checks()]
    assert len(set(titles)) == len(titles)
    assert all(title.endswith(".") and len(title) <= 110 for title in titles)


def test_explain_names_the_sentence_and_its_check() -> None:
    lines = explain("srch-004") or []
    assert requirements()["SRCH-004"].text.split()[0] in lines[1]
    assert any(line.startswith("Check srch-004") for line in lines)
    assert explain("NONE-001") is None


def _parameters(found: object) -> set[str]:
    """Return the parameters of a function, or of what a class makes."""
    called = vars(found).get("__call__", found) if inspect.isclass(found) else found
    return set(inspect.signature(called).parameters) if inspect.isfunction(called) else set()


def named() -> list[Requirement]:
    return [item for item in requirements().values() if item.excluded is None]
