"""Errors as a person reads them: what happened, where, what to do; and the exit code that fits."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from mpex_spec import codelist
from rich.console import Console

from mpex_client import _errors
from mpex_client._errors import MpexError, ProblemError, TokenRefusedError

__all__ = ["NOT_REACHED", "PARTIAL", "REFUSED", "USAGE", "advice", "failures_explained", "has_new_keys"]

REFUSED, USAGE, PARTIAL, NOT_REACHED = 1, 2, 3, 4
_TOKEN_ADVICE = {
    "invalid_client": (
        "Check client_id and key in the profile, and this machine's clock; `mpex doctor` tells more."
    ),
    "invalid_dpop_proof": "Check this machine's clock; `mpex doctor` tells more.",
    "invalid_authorization_details": (
        "The node does not give this identity this action or purpose: choose another with --as, or another"
        " --purpose with --legal-basis."
    ),
    "unauthorized_client": "Ask the operator of the node to let this client in.",
}


@contextmanager
def failures_explained(err: Console, *, as_json: bool) -> Iterator[None]:
    """End the command with an explanation when something in it goes wrong."""
    try:
        yield
    except MpexError as error:
        lines = _explained(error)
        code = _exit_code(error)
        if as_json:
            err.print(
                json.dumps({"error": lines[0], "advice": lines[1:], "exitCode": code}, ensure_ascii=False)
            )
        else:
            err.print("\n".join([f"mpex: {lines[0]}", *(f"  {line}" for line in lines[1:])]))
        raise typer.Exit(code) from None


def advice(error: MpexError) -> str:
    """Return what to do about an error."""
    if isinstance(error, TokenRefusedError):
        return _TOKEN_ADVICE.get(error.code, "Run `mpex doctor`.")
    if isinstance(error, ProblemError):
        return error.node_remedy or error.remedy
    if isinstance(error, _errors.TransportError):
        return "Check that the node runs at the address in the profile; `mpex doctor` tells more."
    if isinstance(error, _errors.TrustError):
        if has_new_keys(error):
            return "Take the anchor's new keys, compared by another way than the network."
        known = codelist("trustFaults").get(error.reason)
        return known["description"] if known else ""
    if isinstance(error, _errors.VerificationError):
        return "Keep the checkpoint that you have, and ask the operator of the node at once."
    return ""


def has_new_keys(fault: _errors.TrustError) -> bool:
    """Return whether an anchor signs with other keys than those with which it was chosen."""
    return fault.reason == "unvouchedKey" and fault.entity == fault.anchor and not fault.mark


def _explained(error: MpexError) -> list[str]:
    if isinstance(error, ProblemError):
        lines = [f"{error.title} ({error.status} {error.code or error.type})", error.detail]
        lines += [f"{place.pointer or '(whole body)'}: {place.detail}" for place in error.errors]
        request = f"Request {error.request_id}" if error.request_id else ""
        return [line for line in [*lines, advice(error), request] if line]
    described = error.description if isinstance(error, TokenRefusedError) else ""
    return [line for line in [str(error), described, advice(error)] if line]


def _exit_code(error: MpexError) -> int:
    if isinstance(error, _errors.TransportError):
        return NOT_REACHED
    return USAGE if isinstance(error, _errors.ConfigurationError) else REFUSED
