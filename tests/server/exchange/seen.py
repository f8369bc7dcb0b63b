"""Ways to see from outside that a check of the server holds: each asks a node, and says whether it does."""

from collections.abc import Callable
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx2
import mpex_spec
from mpex_server.kit import jws
from mpex_server.oauth import access
from mpex_spec.access_table import Opening

from tests.server.exchange.callers import WHO, action_of, expected
from tests.server.exchange.quarter import Node
from tests.server.exchange.test_events import MEDIA, PATH, claims_of, signed
from tests.server.records import samples

Json = dict[str, Any]
Seen = Callable[[Node], bool]


class Guard(NamedTuple):
    """A check, what it is when it is taken out, and whether it is `seen` to hold."""

    place: str
    check: str
    instead: bool
    seen: Seen


def cell(caller: str, operation: str) -> Seen:
    """Return whether a cell of the table of callers holds."""
    return lambda node: node.call(caller, operation).status_code == expected(operation)[caller]


def refused(caller: str, operation: str, code: str, **changes: Any) -> Seen:
    """Return whether an operation is refused under a token of this node with other claims or header."""
    return lambda node: code_of(node.call(caller, operation, token=minted(node, caller, **changes))) == code


def code_of(answer: httpx2.Response) -> str:
    """Return why an answer refuses, nothing for one that does not."""
    return samples.refusal(answer)[1] if answer.is_error else ""


def minted(node: Node, caller: str, *, typ: str = "at+jwt", details: Any = None, **claims: Any) -> str:
    """Return the token of a caller with other claims, signed by the node as if it had issued it."""
    keys, right = node.world.node.keys, jws.parse(node.tokens[caller]).claims
    asked = right["authorization_details"][0] | (details or {})
    header = {"typ": typ, "alg": "ES256", "kid": keys.signing_kid()}
    return jws.sign(header, right | {"authorization_details": [asked]} | claims, keys.sign)


def no_token(client: str, **details: Any) -> Seen:
    """Return whether no token is given."""
    return lambda node: node.world.token_response(client, **details).status_code == 400


def unsigned(node: Node) -> bool:
    """Tell whether a partner that does not sign is refused."""
    world, path = node.world, "/v1/log/checkpoint"
    headers = world.headers("one", "GET", path, actions=["log:read"])
    return world.raw("GET", path, headers=headers, extensions={"as_is": True}).status_code == 401


def another_client_id(node: Node) -> bool:
    """Tell whether the form names the client of the assertion, or is refused."""
    form = {"client_id": node.world.identities["caseWorker"].client_id}
    return node.world.token_response("registrar", form).status_code == 401


def of_another_node(node: Node) -> bool:
    """Tell whether a purpose that the node does not name in its metadata gets no token."""
    with patch.dict(vars(node.world.node.settings), purposes=("searchLiving",)):
        return no_token("registrar", purpose="identifyDeceased")(node)


def why_it_ended(node: Node) -> bool:
    """Tell whether a partner that was suspended learns that, and not that an action is closed to it."""
    return node.world.token_response("ended", actions=["log:read"]).status_code == 401


def event(kind: str, caller: str, status: int, said: Json, **claims: Any) -> Seen:
    """Return whether a signed event of a partner, with other claims, is answered with a status."""

    def seen(node: Node) -> bool:
        name = WHO[caller].client
        about = {"iss": node.world.identities[name].client_id, "events": {f"urn:mpex:event:{kind}": said}}
        token = signed(node.world, claims_of(node.world, **(about | claims)), partner=name)
        headers = MEDIA | node.world.headers(name, "POST", PATH, token=node.tokens[caller])
        return node.world.raw("POST", PATH, content=token.encode(), headers=headers).status_code == status

    return seen


def not_of_staff(operation: str, status: int = 403) -> Seen:
    """Return whether staff does not do what partners do, even where the table of access lets it."""

    def seen(node: Node) -> bool:
        action = action_of(operation)
        row = Opening("registrar", action, frozenset({"searchLiving"}), frozenset(), (), ())
        with patch.object(mpex_spec, "access", return_value=(*mpex_spec.access(), row)):
            access.actions_of.cache_clear()
            token = minted(node, "reg", details={"actions": [action]})
            answer = node.call("reg", operation, token=token)
        access.actions_of.cache_clear()
        return answer.status_code == status

    return seen
