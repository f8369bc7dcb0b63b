"""Answers as they go on the wire: status, header fields and body."""

from collections.abc import Mapping
from dataclasses import dataclass

from mpex_server.errors import PlainError, Problem
from mpex_server.http import problems
from mpex_server.http.asgi import Headers
from mpex_server.http.call import Reply
from mpex_server.kit import strict_json

_JSON = "application/json"


@dataclass(slots=True)
class Answer:
    """What leaves for the client; names of header fields are in lower case, `problem` is the code of one."""

    status: int
    headers: Headers
    body: bytes = b""
    problem: str | None = None


def of_reply(reply: Reply) -> Answer:
    """Return what a handler replied."""
    headers = dict(reply.headers)
    if reply.etag is not None:
        headers["ETag"] = reply.etag
    if reply.body is None:
        return Answer(reply.status, _fields(headers))
    return _with_body(reply.status, headers, reply.body, reply.media_type)


def of_problem(problem: Problem, request_id: str) -> Answer:
    """Return the problem document of a request."""
    document = problems.document(problem, request_id)
    answer = _with_body(problems.status_of(problem), problem.headers, document, problems.MEDIA_TYPE)
    answer.problem = problem.code
    return answer


def of_plain_error(error: PlainError) -> Answer:
    """Return an error in the form that another RFC gives it."""
    return _with_body(error.status, error.headers, error.body, _JSON)


def _with_body(
    status: int, headers: Mapping[str, str], body: dict[str, object] | bytes | str, media_type: str
) -> Answer:
    if isinstance(body, dict):
        body = strict_json.dumps(body)
    content = body.encode() if isinstance(body, str) else body
    kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return Answer(status, [*_fields(headers), (b"content-type", kind.encode())], content)


def _fields(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
