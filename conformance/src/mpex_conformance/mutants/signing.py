"""Mutants of message signatures: each takes what stands at a path and returns what takes its place."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from mpex_conformance.wire import signatures

Original = Any


def unsigned_taken(original: Original) -> Callable[..., None]:
    """Ask for a signature of those only who bring one."""

    def admit(call: Any, principal: Any) -> None:
        if call.header("signature") is not None:
            original(call, principal)

    return admit


def uncovered_taken(original: Original) -> Callable[..., Any]:
    """Let the signature say what it covers."""

    def request(call: Any, body: bytes) -> Any:
        covered = "content-digest" in (call.header("signature-input") or "")
        return original(call, body if covered else b"")

    return request


def tags_ignored(original: Original) -> Callable[..., Any]:
    """Take what was signed for whatever it was signed for."""

    def read(given: str, signed: str, components: str, tag: str) -> Any:
        other = signatures.RESPONSE if tag == signatures.REQUEST else signatures.REQUEST
        return original(given, signed, components, other if other in given else tag)

    return read


def altered_taken(original: Original) -> Callable[..., None]:
    """Believe the digest that stands beside a body."""

    def admit(call: Any, principal: Any) -> None:
        try:
            original(call, principal)
        except Exception as refused:
            if getattr(refused, "code", None) != "contentDigestWrong":
                raise

    return admit


def answers_unsigned(_original: Original) -> Callable[..., Any]:
    """Send answers without a signature."""

    async def signed(_node: Any, _exchange: Any, answer: Any) -> Any:
        return answer

    return signed


def answers_unbound(original: Original) -> Callable[..., Any]:
    """Sign each answer as one to a request that says nothing."""

    def covered(self: Any, digest: Any) -> Any:
        return (line for line in original(self, digest) if not line[0].startswith('"signature'))

    return covered


def strangers_answered(original: Original) -> Callable[..., None]:
    """Sign an answer to whoever asks."""

    def admit(call: Any, principal: Any) -> None:
        if principal.partner is not None:
            call.verified = import_module("mpex_server.http.signed").as_signed(call, call.body)
            given = {"signature": "", "signature-input": "", "content-digest": signatures.digest(call.body)}
            call.verified.fields.update({**given, **call.verified.fields})
        original(call, principal)

    return admit


def requests_unsigned(original: Original) -> Callable[..., dict[str, str]]:
    """Send requests without a signature."""

    def signed(keys: Any, message: Any, created: float) -> dict[str, str]:
        return original(keys, message, created) if hasattr(message, "status") else {}

    return signed
