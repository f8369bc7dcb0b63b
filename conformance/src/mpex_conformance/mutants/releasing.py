"""Mutants inside the reference server that spoil releases: what they hold, seal, proof and signature."""

import base64
import json
from collections.abc import Callable
from typing import Any

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
    return lambda release, key: original(_with_first_values(release, [{"value": {"added": True}}]), key)


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
    """Hand out a release in the clear."""
    return lambda release, _key: release


def bound_to_nothing(_original: Original) -> Callable[..., bytes]:
    """Bind a seal to nothing."""
    return lambda *_: b""


def taken_in_the_clear(original: Original) -> Callable[..., Any]:
    """Take a release that came in the clear."""

    def opened(keys: Any, package: Any, **terms: Any) -> Any:
        if "statement" not in package:
            return original(keys, package, **terms)
        name = json.loads(base64.urlsafe_b64decode(package["statement"].split(".")[1] + "=="))["jti"]
        package["release"] = name
        return {member: package[member] for member in ("statement", "proof", "disclosures")}

    return opened


def signing_keys_only(original: Original) -> Callable[..., Any]:
    """Publish no key for encryption."""
    return lambda self: {"keys": [key for key in original(self)["keys"] if key["use"] == "sig"]}


def proof_of_another(original: Original) -> Callable[..., str]:
    """Prove the origin of nothing that is released."""
    return lambda keys, claims: str(original(keys, {**claims, "digests": {}}))
