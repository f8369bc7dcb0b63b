"""Mutants inside the reference server that spoil what is released or handed over, and its proofs."""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import Any

from mpex_spec import codelist

Original = Any


def uncategorised_released(original: Original) -> Callable[..., Any]:
    """Release members that no category covers."""

    def release(keys: Any, record: Any, terms: Any, values: Any, now: Any) -> Any:
        extra = {name: value for name, value in record.body.items() if name.startswith("conformance")}
        first = next(iter(values))
        more = {first: [*values[first], {"value": extra}]}
        return original(keys, record, terms, {**values, **more}, now)

    return release


def release_altered(original: Original) -> Callable[..., Any]:
    """Change what is disclosed after it was signed."""
    added = {"salt": "A" * 22, "value": {"added": True}}
    return lambda release, key: original(_with_first_values(release, [added]), key)


def _with_first_values(release: Any, more: list[Any]) -> dict[str, Any]:
    category, content = next(iter(release["disclosures"].items()))
    changed = {category: {**content, "values": [*content["values"], *more]}}
    return {**release, "disclosures": {**release["disclosures"], **changed}}


def release_forged(original: Original) -> Callable[..., Any]:
    """Hand out a release that nobody signed."""

    def sealed(release: Any, key: Any) -> Any:
        head, payload, signature = release["statement"].split(".")
        return original({**release, "statement": f"{head}.{payload}.{'A' * len(signature)}"}, key)

    return sealed


def unsealed(_original: Original) -> Callable[..., Any]:
    """Hand out a release or a record in the clear."""
    return lambda content, *_, **_terms: content


def bound_to_nothing(_original: Original) -> Callable[..., bytes]:
    """Bind a seal to nothing."""
    return lambda *_, **_terms: b""


def taken_in_the_clear(original: Original) -> Callable[..., Any]:
    """Take a release that came in the clear."""

    def opened(keys: Any, package: Any, **terms: Any) -> Any:
        if "statement" not in package:
            return original(keys, package, **terms)
        name = json.loads(base64.urlsafe_b64decode(package["statement"].split(".")[1] + "=="))["jti"]
        package["release"] = name
        return {member: package[member] for member in ("statement", "proof", "disclosures")}

    return opened


def opened_for_any_purpose(original: Original) -> Callable[..., Any]:
    """Open what was sealed for another purpose than the release is for."""
    refused = import_module("mpex_server.errors").Problem

    def opened(keys: Any, package: Any, *, purpose: str, **terms: Any) -> Any:
        for each in codelist("purposes"):
            with suppress(refused):
                return original(keys, package, purpose=each, **terms)
        return original(keys, package, purpose=purpose, **terms)

    return opened


def moved_in_the_clear(original: Original) -> Callable[..., Any]:
    """Take a record in transfer that came in the clear."""
    return lambda keys, given, *terms, **more: (
        given if "statement" in given else original(keys, given, *terms, **more)
    )


def moved_for_any_purpose(original: Original) -> Callable[..., Any]:
    """Open a record that was sealed for another purpose than it moves for."""
    refused = import_module("mpex_server.errors").Problem

    def opened(keys: Any, given: Any, terms: Any, **more: Any) -> Any:
        for each in codelist("purposes"):
            with suppress(refused):
                return original(keys, given, replace(terms, purpose=each), **more)
        return original(keys, given, terms, **more)

    return opened


def released_to_anybody(_original: Original) -> Callable[..., Any]:
    """Take a proposal by a release that another partner has."""
    disclosed = import_module("mpex_server.disclosures.repository")
    return lambda work, _partner, release: next(
        (entry.record for entry in disclosed.of_reference(work.conn, release)), None
    )


def provenance_unverified(_original: Original) -> Callable[..., Any]:
    """Believe what a statement of custody says, whoever signed it."""

    def claims(_work: Any, statement: str) -> Any:
        return json.loads(base64.urlsafe_b64decode(statement.split(".")[1] + "=="))

    return claims


def custody_since_ever(original: Original) -> Callable[..., Any]:
    """Count what a custodian ever signed, whenever it got the record back."""
    return lambda work, record: dict.fromkeys(original(work, record), 0)


def proof_of_another(original: Original) -> Callable[..., str]:
    """Prove the origin of nothing that is released."""
    return lambda keys, claims: str(original(keys, {**claims, "digests": {}}))
