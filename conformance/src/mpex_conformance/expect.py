"""What a check expects of an answer; each raises CheckFailedError with what was asked and what came."""

import re
import time
from collections.abc import Callable
from typing import Any, TypeVar

from mpex_spec import requirements

from mpex_conformance.outcomes import CheckFailedError
from mpex_conformance.wire.exchange import Answer

T = TypeVar("T")
PROBLEM = "application/problem+json"
_REFUSED = 400


def that(condition: object, text: str) -> None:
    """Fail with ``text`` unless ``condition`` holds."""
    if not condition:
        raise CheckFailedError(text)


def status(answer: Answer, *codes: int, why: str = "") -> Answer:
    """Expect one of the status ``codes``; return the answer."""
    wanted = " or ".join(str(code) for code in codes)
    suffix = f" ({why})" if why else ""
    that(answer.status in codes, f"{answer.operation} answered {answer.status}, expected {wanted}{suffix}")
    return answer


def problem(answer: Answer, code: int, kind: str | None = None, *, why: str = "") -> Answer:
    """Expect a problem document with status ``code`` and, when given, problem type ``kind``."""
    status(answer, code, why=why)
    that(answer.media_type == PROBLEM, f"{answer.operation} answered {code} without a problem document")
    if kind is not None:
        that(
            answer.problem == kind, f"{answer.operation} gave problem type {answer.problem}, expected {kind}"
        )
    return answer


def oauth_error(answer: Answer, *errors: str, why: str = "") -> Answer:
    """Expect a refusal of the token endpoint, with one of ``errors`` when given."""
    status(answer, 400, 401, why=why)
    given = answer.at("error")
    status(answer, 401 if given == "invalid_client" else 400, why=why)
    that(
        not errors or given in errors,
        f"the token endpoint gave {given}, expected {' or '.join(errors)} ({why})",
    )
    return answer


def refused(answer: Answer, requirement: str, *, why: str = "") -> Answer:
    """Expect one of the refusals that ``requirement`` names, to the letter: status, code and challenge."""
    at_token = answer.operation == "createToken"
    told = [
        item for item in requirements()[requirement].refusal if (item.error if at_token else item.problem)
    ]
    seen: tuple[Any, ...] = (answer.status,)
    if at_token and answer.status >= _REFUSED:
        seen = answer.status, answer.at("error"), None
    elif answer.media_type == PROBLEM:
        seen = answer.status, answer.problem, challenge(answer)
    shown = " ".join(str(part) for part in seen if part is not None)
    wanted = " or ".join(str(item) for item in told) + (f" ({why})" if why else "")
    named = [(item.status, item.error or item.problem, item.challenge) for item in told]
    that(seen in named, f"{answer.operation} answered {shown}, expected {wanted}")
    return answer


def challenge(answer: Answer) -> str | None:
    """Return the error that ``WWW-Authenticate`` names, None where it names none."""
    found = re.search(r'\berror="([^"]*)"', answer.headers.get("www-authenticate", ""))
    return found[1] if found else None


def absent(answer: Answer, values: list[str], what: str) -> None:
    """Expect that none of ``values`` stands in the raw answer, plain or escaped."""
    text = answer.body.decode("utf-8", "replace")
    for value in values:
        escaped = value.encode("unicode_escape").decode()
        that(value not in text and escaped not in text, f"{answer.operation} shows {what}")


def equal_form(first: Any, second: Any) -> bool:
    """Return whether two JSON values have the same members and types, whatever their strings and numbers."""
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(equal_form(first[name], second[name]) for name in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(equal_form, first, second))
    return type(first) is type(second)


def eventually(look: Callable[[], T | None], *, within: float, what: str, every: float = 0.1) -> T:
    """Return the first value of ``look`` that is not None; fail after ``within`` seconds."""
    end = time.monotonic() + within
    while True:
        found = look()
        if found is not None:
            return found
        that(time.monotonic() < end, f"{what} did not happen within {within:g} seconds")
        time.sleep(every)
