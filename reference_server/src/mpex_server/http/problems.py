"""Problem documents (RFC 9457): status, title and remedy come from the codelist `problemTypes`."""

from typing import Any

import mpex_spec

from mpex_server.errors import Problem

MEDIA_TYPE = "application/problem+json"


def status_of(problem: Problem) -> int:
    """Return the HTTP status of a problem; KeyError for a code that the codelist lacks."""
    return int(mpex_spec.codelist("problemTypes")[problem.code]["httpStatus"])


# The schema of a problem takes no more.
_MOST_ERRORS = 100


def document(problem: Problem, request_id: str) -> dict[str, Any]:
    """Return the problem document of one request."""
    kind = mpex_spec.codelist("problemTypes")[problem.code]
    body: dict[str, Any] = {
        "type": f"urn:mpex:problem:{problem.code}",
        "title": kind["title"],
        "status": int(kind["httpStatus"]),
        "detail": problem.detail or kind["description"],
        "instance": request_id,
        "remedy": kind["remedy"],
    }
    if problem.faults:
        named = problem.faults[:_MOST_ERRORS]
        body["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in named]
    return body
