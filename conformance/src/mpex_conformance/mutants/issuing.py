"""Mutants of tokens: each takes what stands at a path and returns what takes its place."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

Original = Any


class _Whatever(str):
    """A grant type that every other one equals."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, _other: object) -> bool:
        return True

    def __ne__(self, _other: object) -> bool:
        return False


def any_grant(original: Original) -> str:
    """Take each grant type for the one that there is."""
    return _Whatever(original)


def tokens_untyped(original: Original) -> Any:
    """Give a token that says of itself only that it is a JWT."""
    return _signing(original, lambda header, claims: ({**header, "typ": "JWT"}, claims))


def tokens_for_more(original: Original) -> Any:
    """Give a token that another service may take for one of its own."""
    return _signing(original, lambda header, claims: (header, {**claims, "aud": "https://other.example"}))


def tokens_unbound(original: Original) -> Any:
    """Give a token that is bound to no key."""
    return _signing(original, lambda header, claims: (header, {**claims, "cnf": {"jkt": ""}}))


def limits_forgotten(original: Original) -> Any:
    """Give a token for every category, whichever were asked for."""

    def widened(header: dict[str, Any], claims: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        (asked,) = claims["authorization_details"]
        wide = {name: value for name, value in asked.items() if name != "categories"}
        return header, {**claims, "authorization_details": [wide]}

    return _signing(original, widened)


def forged_taken(original: Original) -> Any:
    """Take a token by whoever signed it."""
    return SimpleNamespace(**{**vars(original), "verify": lambda *_: None})


def _signing(original: Any, changed: Callable[..., tuple[dict[str, Any], dict[str, Any]]]) -> Any:
    """Return the module that signs, with another token in place of the one it is given."""

    def sign(header: dict[str, Any], claims: dict[str, Any], signer: Any) -> Any:
        return original.sign(*changed(header, claims), signer)

    return SimpleNamespace(**{**vars(original), "sign": sign})
