"""Mutants of what a node publishes of itself: each takes what stands at a path and returns another thing."""

from collections.abc import Callable
from typing import Any

Original = Any


def signing_keys_only(original: Original) -> Callable[..., Any]:
    """Publish no key for encryption."""
    return lambda self: {"keys": [key for key in original(self)["keys"] if key["use"] == "sig"]}


def of_every_role(original: Original) -> Callable[..., Any]:
    """Describe the operations of every role."""
    return lambda _role: original(None)
