"""Handlers by operationId. What an operation is called, needs and accepts stands in the OpenAPI document."""

from collections.abc import Callable
from dataclasses import dataclass

from mpex_server.http.call import Call, Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand

Handler = Callable[[Context], Reply | Errand]
Replayer = Callable[[Context, str], Reply | Errand]
PublicHandler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Registration:
    """The code behind one operation: `public` for those without a token, else `handler`."""

    handler: Handler | None = None
    replay: Replayer | None = None
    public: PublicHandler | None = None


REGISTRY: dict[str, Registration] = {}


def operation(operation_id: str, *, replay: Replayer | None = None) -> Callable[[Handler], Handler]:
    """Register the handler of an operation that needs a token.

    `replay` renders the answer anew when a request is repeated with its Idempotency-Key: it is given the
    `document_id` of the first reply and decides under today's rules. Required exactly when the operation
    takes that header; `app.create_app` checks it.
    """

    def register(handler: Handler) -> Handler:
        _add(operation_id, Registration(handler=handler, replay=replay))
        return handler

    return register


def public(operation_id: str) -> Callable[[PublicHandler], PublicHandler]:
    """Register the handler of an operation without a token; it runs outside any transaction."""

    def register(handler: PublicHandler) -> PublicHandler:
        _add(operation_id, Registration(public=handler))
        return handler

    return register


def _add(operation_id: str, registration: Registration) -> None:
    if operation_id in REGISTRY:
        raise RuntimeError(f"two handlers for {operation_id}")
    REGISTRY[operation_id] = registration
