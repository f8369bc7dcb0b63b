"""Checks of the standard against itself; each check yields findings, an empty list means clean."""

from collections.abc import Callable, Iterator

from mpex_spec.files import Spec
from mpex_spec.lint.access import check_access
from mpex_spec.lint.annotations import check_categories, check_codelist_use
from mpex_spec.lint.codelists import check_codelists
from mpex_spec.lint.documents import check_links, check_requirements
from mpex_spec.lint.examples import check_examples, check_invalid_examples
from mpex_spec.lint.finding import Finding
from mpex_spec.lint.interface import check_openapi
from mpex_spec.lint.refusals import check_refusals
from mpex_spec.lint.schemas import check_schemas

CHECKS: tuple[Callable[[Spec], Iterator[Finding]], ...] = (
    check_schemas,
    check_codelists,
    check_codelist_use,
    check_categories,
    check_examples,
    check_invalid_examples,
    check_openapi,
    check_access,
    check_requirements,
    check_refusals,
    check_links,
)


def lint(spec: Spec) -> list[Finding]:
    """Return everything that is wrong with the normative files, in the order of the checks."""
    return [finding for check in CHECKS for finding in check(spec)]


__all__ = ["CHECKS", "Finding", "lint"]
