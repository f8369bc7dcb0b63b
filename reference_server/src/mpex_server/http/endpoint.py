"""From a request to the runner and back: one endpoint per path, one answer for every kind of failure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from mpex_spec.message_signatures import Request, Response
from sqlalchemy.exc import OperationalError

from mpex_server.errors import PlainError, Problem
from mpex_server.http import answers, asgi, runner
from mpex_server.http.answers import Answer
from mpex_server.http.asgi import Receive, Scope
from mpex_server.http.call import Call, Reply, fields_of
from mpex_server.http.logs import place_of
from mpex_server.http.operations import Registration
from mpex_server.http.spec import Operation
from mpex_server.keys import KeysAwayError
from mpex_server.kit import strict_json
from mpex_server.node import Node
from mpex_server.peers import messages

_Work = Callable[[Call, Registration], Reply]
_log = structlog.get_logger("mpex.error")
_REFUSAL_SECONDS = 1.0
"""How long a refused request is held, as long as Retry-After says."""


@dataclass(slots=True)
class Exchange:
    """One request and what is known of its answer so far; `arrival` is on the clock that never runs back.

    `arrived` is the same moment in seconds of the epoch. `unread` says that the request has a body of which
    not all was read, and `verified` is the request of a partner that is to have a signed answer.
    """

    request_id: str
    arrival: float
    arrived: float
    unread: bool
    verified: Request | None = None
    operation: str | None = None
    on_grid: bool = False
    status: int = 0
    problem: str | None = None


class PathEndpoint:
    """All operations of one path; another method is answered with 405 and `Allow`."""

    def __init__(self, node: Node, operations: Mapping[str, tuple[Operation, Registration]]) -> None:
        self._node = node
        self._operations = dict(operations)

    async def answer(
        self, exchange: Exchange, path: dict[str, str], scope: Scope, receive: Receive
    ) -> Answer:
        """Return the answer to a request; nothing is raised."""
        try:
            operation, registration = self._chosen(scope["method"])
            exchange.operation, exchange.on_grid = operation.operation_id, operation.on_grid
            call = await self._call(operation, exchange, path, scope, receive)
            try:
                return answers.of_reply(await self._performed(call, registration))
            finally:
                exchange.verified = call.verified
        except Problem as problem:
            return answers.of_problem(problem, exchange.request_id)
        except PlainError as error:
            return answers.of_plain_error(error)
        except OperationalError as error:
            kind = type(error.orig).__name__
            _log.error("database unavailable", request_id=exchange.request_id, error=kind)
            return answers.of_problem(_away(), exchange.request_id)
        except KeysAwayError as error:
            return _keyless(error, exchange.request_id)
        except Exception as error:  # noqa: BLE001 - the answer to what nobody expected
            return _failed(error, exchange.request_id)

    def _chosen(self, method: str) -> tuple[Operation, Registration]:
        found = self._operations.get(method)
        if found is None:
            raise Problem("methodNotAllowed", headers={"Allow": ", ".join(sorted(self._operations))})
        return found

    async def _call(
        self, operation: Operation, exchange: Exchange, path: dict[str, str], scope: Scope, receive: Receive
    ) -> Call:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        return Call(
            node=self._node,
            operation=operation,
            request_id=exchange.request_id,
            raw_path=raw_path.decode("latin-1").partition("?")[0],
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers=fields_of(scope["headers"]),
            body=await _body(exchange, receive),
        )

    async def _performed(self, call: Call, registration: Registration) -> Reply:
        """Run a request, or refuse it at once when so many wait that it would only be answered too late.

        What is public and changes nothing is always answered: whoever watches must not think the node dead.
        """
        load = self._node.load
        if load.requests >= self._node.settings.requests_at_once and (
            call.operation.action is not None or call.operation.method != "GET"
        ):
            # Whoever is refused at once asks again at once, and refusals take the time of answers.
            await self._node.clock.sleep(_REFUSAL_SECONDS)
            raise _overloaded()
        arrival = self._node.clock.monotonic()
        with load.request():
            # On the time grid nobody is to see where the time went.
            carried = runner.perform if call.operation.on_grid else self._node.traces.carried(runner.perform)
            return await self._node.hop(self._in_time, arrival, carried, call, registration)

    def _in_time(self, arrival: float, work: _Work, call: Call, registration: Registration) -> Reply:
        """Run a request that waits for a thread since `arrival`, unless its client has waited too long."""
        if self._node.clock.monotonic() - arrival > self._node.settings.wait_seconds:
            raise _overloaded()
        return work(call, registration)


async def signed(node: Node, exchange: Exchange, answer: Answer) -> Answer:
    """Return an answer with the node's signature, bound to the request that a partner signed (SIG-006).

    It is dated at the arrival: the second in which an answer was ready would tell how long it took.
    """
    if exchange.verified is None:
        return answer
    response = Response(answer.status, {}, answer.body, exchange.verified)
    try:
        fields = await node.hop(messages.signed, node.keys, response, exchange.arrived)
    except KeysAwayError as error:
        # Nobody could sign this answer, and whoever asked takes no other for the node's.
        return _keyless(error, exchange.request_id)
    except Exception as error:  # noqa: BLE001 - the answer to what nobody expected
        return _failed(error, exchange.request_id)
    answer.headers += [(name.encode(), value.encode()) for name, value in fields.items()]
    return answer


async def _body(exchange: Exchange, receive: Receive) -> bytes | Problem:
    try:
        body = await asgi.body(receive, strict_json.MAX_BYTES)
    except asgi.TooLargeError:
        return Problem("bodyTooLarge")
    except asgi.LeftError:
        return Problem("malformedJson", "The request ended early.")
    exchange.unread = False
    return body


def _keyless(error: KeysAwayError, request_id: str) -> Answer:
    _log.error("keys unavailable", request_id=request_id, reason=str(error))
    return answers.of_problem(_away(), request_id)


def _away() -> Problem:
    return Problem("unavailable", headers={"Retry-After": "5"})


def _overloaded() -> Problem:
    return Problem("unavailable", "The node is overloaded.", headers={"Retry-After": "1"})


def _failed(error: Exception, request_id: str) -> Answer:
    """Answer the unexpected; the log names the kind and place of the failure, never its text."""
    _log.error("failure", request_id=request_id, error=type(error).__name__, place=place_of(error))
    return answers.of_problem(Problem("internalError"), request_id)
