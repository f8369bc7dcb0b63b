"""From Starlette to the runner and back: one endpoint per path, one answer for every kind of failure."""

from collections.abc import Mapping

import structlog
from sqlalchemy.exc import OperationalError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mpex_server.errors import PlainError, Problem
from mpex_server.http import problems, runner
from mpex_server.http.call import Call, Reply
from mpex_server.http.logs import place_of
from mpex_server.http.operations import Registration
from mpex_server.http.spec import Operation
from mpex_server.kit import strict_json
from mpex_server.node import Node

_log = structlog.get_logger("mpex.error")


class PathEndpoint:
    """All operations of one path; another method is answered with 405 and `Allow`."""

    def __init__(self, node: Node, operations: Mapping[str, tuple[Operation, Registration]]) -> None:
        self._node = node
        self._operations = dict(operations)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as an ASGI application, so that the router leaves methods to us."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        request_id: str = request.state.request_id
        found = self._operations.get(request.method)
        if found is None:
            allowed = {"Allow": ", ".join(sorted(self._operations))}
            return problem_response(Problem("methodNotAllowed", headers=allowed), request_id)
        operation, registration = found
        request.state.operation = operation.operation_id
        request.state.on_grid = operation.on_grid
        try:
            call = await _call(self._node, operation, request)
            return _response(await self._performed(call, registration))
        except Problem as problem:
            return problem_response(problem, request_id)
        except PlainError as error:
            return Response(
                strict_json.dumps(error.body), error.status, error.headers, media_type="application/json"
            )
        except OperationalError as error:
            _log.error("database unavailable", request_id=request_id, error=type(error.orig).__name__)
            return problem_response(Problem("unavailable", headers={"Retry-After": "5"}), request_id)
        except Exception as error:  # noqa: BLE001 - the framework's last resort lies outside the edge
            return await on_failure(request, error)

    async def _performed(self, call: Call, registration: Registration) -> Reply:
        """Run a request, or refuse it at once when so many wait that it would only be answered too late.

        What is public and changes nothing is always answered: whoever watches must not think the node dead.
        """
        load = self._node.load
        if load.requests >= self._node.settings.requests_at_once and (
            call.operation.action is not None or call.operation.method != "GET"
        ):
            raise Problem("unavailable", "The node is overloaded.", headers={"Retry-After": "1"})
        load.requests += 1
        try:
            return await self._node.hop(runner.perform, call, registration)
        finally:
            load.requests -= 1


async def unknown_address(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request to an address that no operation has."""
    await problem_response(Problem("notFound"), scope["state"]["request_id"])(scope, receive, send)


async def on_failure(request: Request, error: Exception) -> Response:
    """Answer the unexpected; the log names the kind and place of the failure, never its text."""
    _log.error(
        "failure",
        request_id=request.state.request_id,
        error=type(error).__name__,
        place=place_of(error),
    )
    return problem_response(Problem("internalError"), request.state.request_id)


def problem_response(problem: Problem, request_id: str) -> Response:
    """Return the problem document as a response."""
    body = strict_json.dumps(problems.document(problem, request_id))
    return Response(body, problems.status_of(problem), problem.headers, media_type=problems.MEDIA_TYPE)


async def _call(node: Node, operation: Operation, request: Request) -> Call:
    raw_path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return Call(
        node=node,
        operation=operation,
        request_id=request.state.request_id,
        raw_path=raw_path.decode("latin-1").partition("?")[0],
        path=dict(request.path_params),
        query=request.scope["query_string"].decode("latin-1"),
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        ),
        body=await _body(request),
    )


async def _body(request: Request) -> bytes | Problem:
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > strict_json.MAX_BYTES:
                return Problem("bodyTooLarge")
            chunks.append(chunk)
    except ClientDisconnect:
        return Problem("malformedJson", "The request ended early.")
    request.state.unread = False
    return b"".join(chunks)


def _response(reply: Reply) -> Response:
    headers = dict(reply.headers)
    if reply.etag is not None:
        headers["ETag"] = reply.etag
    if reply.body is None:
        return Response(None, reply.status, headers)
    body = strict_json.dumps(reply.body) if isinstance(reply.body, dict) else reply.body
    return Response(body, reply.status, headers, media_type=reply.media_type)
