"""The unit of work around every handler, in one hop: authenticate, authorise, check, act, audit, commit.

A partner's message is verified as soon as it is known who calls, before its body is looked at.

A refusal rolls the action back; a second, short transaction then records the proof as used and the refusal in
the log. What fails before authentication is counted by the access log only.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from mpex_server.audit import leaves
from mpex_server.domain.purposes import PROHIBITED
from mpex_server.errors import Fault, PlainError, Problem, UnknownSignerError
from mpex_server.federation import renewal
from mpex_server.http import idempotency, signed, validation
from mpex_server.http.call import Call, Reply
from mpex_server.http.categories import categories_of
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand, Sent
from mpex_server.http.operations import Registration
from mpex_server.kit import etag
from mpex_server.kit.clock import instant
from mpex_server.oauth import principal as oauth
from mpex_server.storage.documents import IdentifierTakenError, VersionConflictError
from mpex_server.storage.engine import retried, transaction


class MissingAuditError(RuntimeError):
    """A handler changed something without an audit entry; nothing was committed."""


def perform(call: Call, registration: Registration) -> Reply:
    """Run one operation to its committed end and return the reply; raises Problem or PlainError."""
    if registration.public is not None:
        return registration.public(call)
    acted = _committed(call, registration, oauth.read_credentials(call))
    return _not_modified(call, acted if isinstance(acted, Reply) else _returned(call, acted))


def _committed(call: Call, registration: Registration, credentials: oauth.Credentials) -> Reply | Sent:
    try:
        return retried(lambda: _transacted(call, registration, credentials), VersionConflictError)
    except IdentifierTakenError:
        problem = Problem("alreadyExists")
    except VersionConflictError:
        problem = _overtaken(call)
    except Problem as refused:
        problem = refused
    except PlainError as refused:
        _record_refusal(call, credentials, "refusedEvent", None)
        raise refused
    if problem.code != "unauthorized":
        problem = _record_refusal(call, credentials, problem.code, problem.stays) or problem
    raise problem


def _transacted(call: Call, registration: Registration, credentials: oauth.Credentials) -> Reply | Sent:
    """Act in a transaction; once more when a partner has signed with a key that only now is known of it."""
    try:
        return _in_transaction(call, registration, credentials)
    except (signed.UnknownKeyProblem, UnknownSignerError) as refused:
        if renewal.look(call.node, refused.node_id) is None:
            raise
    return _in_transaction(call, registration, credentials)


def _in_transaction(call: Call, registration: Registration, credentials: oauth.Credentials) -> Reply | Sent:
    with transaction(call.node.engine, credentials.purpose, short=not call.operation.writes) as conn:
        return _act(call, registration, conn, credentials)


def _returned(call: Call, sent: Sent) -> Reply:
    result = sent.errand.run()
    try:
        return retried(lambda: _finished(call, sent, result), VersionConflictError)
    except VersionConflictError:
        raise _overtaken(call) from None


def _overtaken(call: Call) -> Problem:
    """Return the answer to a change that others came before on every try."""
    if call.operation.needs_if_match:
        return Problem("preconditionFailed")
    return Problem("unavailable", headers={"Retry-After": "1"})


def _finished(call: Call, sent: Sent, result: Any) -> Reply:
    with transaction(call.node.engine, sent.principal.purpose) as conn:
        context = Context(
            call=call, principal=sent.principal, conn=conn, path=dict(call.path), query={}, body=None
        )
        reply = sent.errand.finish(context, result)
        _audited(call, context)
        _keep_within(context, reply)
        return reply


def _act(
    call: Call, registration: Registration, conn: Connection, credentials: oauth.Credentials
) -> Reply | Sent:
    principal = oauth.admit(conn, call, credentials)
    signed.admit(call, principal)
    oauth.authorise(call, principal)
    context = Context(
        call=call,
        principal=principal,
        conn=conn,
        path=validation.path_of(call),
        query=validation.query_of(call),
        body=_body(call, principal),
    )
    if call.operation.needs_if_match and call.header("if-match") is None:
        raise Problem("preconditionRequired")
    key = validation.idempotency_key_of(call)
    earlier = None if key is None else idempotency.claim(context, key)
    if earlier is None:
        reply = _handle(registration, context)
        _audited(call, context)
        if key is not None:
            idempotency.settle(context, key, reply)
    else:
        reply = _replayed(registration, context, earlier)
    if isinstance(reply, Errand):
        return Sent(reply, principal)
    _keep_within(context, reply)
    return reply


def _handle(registration: Registration, context: Context) -> Reply | Errand:
    if registration.handler is None:
        raise RuntimeError("an operation with a token has no handler")
    return registration.handler(context)


def _replayed(registration: Registration, context: Context, earlier: idempotency.Earlier) -> Reply | Errand:
    if registration.replay is None:
        raise RuntimeError("an idempotent operation has no replay renderer")
    reply = registration.replay(context, earlier.document_id)
    if isinstance(reply, Reply):
        reply.status = earlier.status
    if context.leaf_id is None:
        context.audit("read", reason="replay")
    return reply


def _keep_within(context: Context, reply: Reply) -> None:
    """Refuse to show staff a category that the token leaves out (PURP-006); partners are asked before."""
    principal = context.principal
    if principal.categories is not None and principal.partner is None:
        context.require_categories(categories_of(context.call.operation.operation_id, reply.body))


def _audited(call: Call, context: Context) -> None:
    if call.operation.writes and context.leaf_id is None:
        raise MissingAuditError(call.operation.operation_id)


def _body(call: Call, principal: oauth.Principal) -> Any:
    """Check the body; a prohibited purpose is refused whatever else is wrong (PURP-002, PURP-004)."""
    problem, body = None, None
    try:
        body = validation.body_of(call)
    except Problem as error:
        problem, body = error, validation.parsed_or_none(call)
    purpose = body.get("purpose") if isinstance(body, dict) else None
    if isinstance(purpose, str) and purpose != principal.purpose:
        if purpose in PROHIBITED:
            raise Problem("prohibitedPurpose", faults=[Fault("/purpose", "is prohibited")])
        if problem is None:
            detail = "is not the purpose of the access token"
            raise Problem("purposeNotAllowed", faults=[Fault("/purpose", detail)])
    if problem is not None:
        raise problem
    return body


def _record_refusal(
    call: Call,
    credentials: oauth.Credentials,
    reason: str,
    stays: Callable[[Connection], Problem | None] | None,
) -> Problem | None:
    """Write a refusal into the log with what stands all the same; return what overrules it, if anything."""
    node = call.node
    with transaction(node.engine, credentials.purpose, short=True) as conn:
        try:
            principal = oauth.admit(conn, call, credentials)
        except Problem:
            return None
        leaves.write(
            conn,
            node.keys,
            at=instant(node.clock.now()),
            event="refusal",
            outcome="refused",
            actor=principal.client_id,
            purpose=principal.purpose,
            proof=principal.proof,
            reason=reason,
        )
        return None if stays is None else stays(conn)


def _not_modified(call: Call, reply: Reply) -> Reply:
    """Answer 304 only here: after decision and audit."""
    asked = call.header("if-none-match")
    if call.operation.method != "GET" or reply.etag is None or asked is None:
        return reply
    return Reply(304, etag=reply.etag) if etag.listed(asked, reply.etag) else reply
