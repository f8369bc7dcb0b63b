"""Requests of partners are signed by the node that sends them, whatever else they bear (SIG-001 to SIG-005).

Who calls decides, and nothing of what is sent: programs of the node's own staff do not sign.
"""

from mpex_spec.message_signatures import Request, SignatureRefusedError

from mpex_server.errors import Problem
from mpex_server.http.call import Call
from mpex_server.oauth.principal import Principal, challenge
from mpex_server.peers import messages

_FIELDS = ("authorization", "dpop", "content-digest", "idempotency-key", "signature-input", "signature")


class UnknownKeyProblem(Problem):
    """A partner signs with a key that it is not known to have; what it says of itself today may name it."""

    def __init__(self, refusal: Problem, node_id: str) -> None:
        """Refuse as `refusal` does."""
        super().__init__(refusal.code, refusal.detail, headers=refusal.headers)
        self.node_id = node_id


def admit(call: Call, principal: Principal) -> None:
    """Refuse a request that a partner has not signed, else note in the call that it has.

    Raises Problem, or UnknownKeyProblem for a key that is not known of the partner.
    """
    if principal.partner is None:
        return
    if isinstance(call.body, Problem):
        # What was not read whole cannot be verified, and is not looked at further.
        raise call.body
    request = as_signed(call, call.body)
    try:
        messages.check(request, principal.partner["jwks"], call.node.clock.now().timestamp())
    except SignatureRefusedError as error:
        refusal = challenge(call, f"The message signature is refused: {error}.", code=error.code)
        unknown = isinstance(error, messages.UnknownKeyError)
        raise UnknownKeyProblem(refusal, principal.node_id) if unknown else refusal from error
    call.verified = request


def as_signed(call: Call, body: bytes) -> Request:
    """Return a request as its signature covers it, at the public address of the node."""
    fields = {name: value for name in _FIELDS if (value := call.header(name)) is not None}
    query = f"?{call.query}" if call.query else ""
    address = call.node.settings.public_url + call.raw_path + query
    return Request(call.operation.method, address, fields, body)
