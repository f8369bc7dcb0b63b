"""The checks of the server that decide who may do what: where each stands, and who would see it missing."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.storage.engine import transaction

from tests.server.exchange.callers import CALLERS, WHO
from tests.server.exchange.quarter import Node
from tests.server.exchange.seen import (
    Guard,
    Seen,
    another_client_id,
    cell,
    code_of,
    event,
    no_token,
    not_of_staff,
    of_another_node,
    refused,
    unsigned,
    why_it_ended,
)
from tests.server.exchange.town import made, record, search
from tests.server.records import samples
from tests.server.world import START, Identity

SERVER = "mpex_server"
STRANGER = f"node:{'a' * 26}"


def _another_key(node: Node) -> bool:
    return node.call("case", "listPersons", token=node.tokens["reg"]).status_code == 401


def _proof_twice(node: Node) -> bool:
    headers = node.world.headers("registrar", "GET", "/v1/persons")
    answers = [node.world.raw("GET", "/v1/persons", headers=headers) for _ in range(2)]
    return [answer.status_code for answer in answers] == [200, 401]


@contextmanager
def _unmarked(node: Node) -> Iterator[None]:
    """Take the mark from the partner `one` for a while; its tokens from before count no more then."""
    with transaction(node.world.node.engine, write=False) as conn:
        one = clients.find(conn, node.world.identities["one"].client_id, node.world.clock.now())
    assert one is not None
    assert one.entry is not None
    node.world.register(one.entry | {"noImmigrationEnforcement": False})
    yield
    node.world.register(one.entry)
    own = [caller for caller in CALLERS[1:] if WHO[caller].client == "one"]
    node.tokens |= {caller: node.token(caller, sorted(node.opened(caller))) for caller in own}


def _token_of_before(node: Node) -> bool:
    before = node.tokens["own"]
    with _unmarked(node):
        pass
    return node.call("own", "getCheckpoint", token=before).status_code == 401


def _mark_at_request(node: Node) -> bool:
    with _unmarked(node):
        return node.call("own", "getCheckpoint").status_code == 401


def _mark_at_token(node: Node) -> bool:
    with _unmarked(node):
        return no_token("one")(node)


def _prohibited_at_token(node: Node) -> bool:
    before = len(node.world.leaves())
    node.world.token_response("registrar", purpose="borderControl")
    return [leaf["reason"] for leaf in node.world.leaves()[before:]] == ["prohibitedPurpose"]


def _said(purpose: str, code: str) -> Seen:
    """Return whether a partner whose search names another purpose than its token is refused."""
    return lambda node: (
        code_of(node.world.call("one", "POST", "/v1/searches", search(purpose=purpose))) == code
    )


def _fewer_categories(node: Node) -> bool:
    path = f"/v1/persons/{node.holds['record']}"
    return bool(node.world.call("registrar", "GET", path, categories=["photo"]).status_code == 403)


def _member_of_another(node: Node) -> bool:
    other = samples.made(node.world, "registrar", "/v1/groups", samples.group())["groupId"]
    return (
        node.call("reg", "promoteGroupMember", holds=node.holds | {"groupId": other}, whole=True).status_code
        == 404
    )


def _told_of_death(node: Node) -> bool:
    asked = samples.assistance(
        node.world.identities["one"].client_id, type="notifyDeath", purpose="notifyFamily"
    )
    path = "/v1/assistance-requests"
    made_of = made(node.world.call("caseWorker", "POST", path, asked, purpose=asked["purpose"]))
    holds = node.holds | {"assistanceId": made_of["assistanceId"]}
    return node.call("case", "getAssistanceRequest", holds=holds).status_code == 404


def _cursor_of_another(node: Node) -> bool:
    path = "/v1/persons?limit=1"
    cursor = made(node.world.call("registrar", "GET", path), 200)["nextCursor"]
    return bool(node.world.call("caseWorker", "GET", f"{path}&cursor={cursor}").status_code == 400)


def _ended(node: Node) -> bool:
    """Tell whether a member of the staff whose access was ended has a token of no use."""
    world, identity = node.world, Identity(new_id("client"))
    world.identities["gone"] = identity
    with transaction(world.node.engine) as conn:
        roles, at = ("registrar",), instant(START)
        clients.register_staff(conn, identity.client_id, roles=roles, jwks=identity.jwks, at=at)
    token = world.token("gone", actions=["persons:read"])
    with transaction(world.node.engine) as conn:
        assert clients.end_staff(conn, identity.client_id, at=instant(START))
    return bool(world.call("gone", "GET", "/v1/persons", token=token).status_code == 401)


def _found(outcomes: dict[str, str], **grant: Any) -> Seen:
    """Return whether the partners, asked about a person under a grant, are answered so."""

    def seen(node: Node) -> bool:
        world = node.world
        words = [word.capitalize() for word in (secrets.token_hex(4), secrets.token_hex(4))]
        born = f"19{secrets.randbelow(60) + 20}-02-{secrets.randbelow(28) + 1:02}"
        name = {"text": " ".join(["Ficta", *words]), "script": "Latn"}
        sections = {"names": {"names": [name]}, "birth": {"date": born}, "summary": {"sex": "male"}}
        grants = [samples.directive()["grants"][0] | grant]
        given = samples.made(world, "registrar", "/v1/directives", samples.directive(grants=grants))
        record(world, given["directiveId"], sections)
        asked = {
            who: made(world.call(who, "POST", "/v1/searches", search(query=sections)), 200)
            for who in outcomes
        }
        return {who: answer["outcome"] for who, answer in asked.items()} == outcomes

    return seen


_PRINCIPAL = f"{SERVER}.oauth.principal"
_TOKEN = f"{SERVER}.oauth.token"
_CLIENT = f"{SERVER}.oauth.clients:Client"
_DIRECTIVES = f"{SERVER}.domain.directives"
_EVENTS = f"{SERVER}.events"
_RUNNER = f"{SERVER}.http.runner"
_PURPOSE = "purposeNotAllowed"
CALLS: Final = {
    "action of the token": Guard(
        f"{_PRINCIPAL}:authorise",
        "call.operation.action not in principal.actions",
        False,
        cell("adm", "listPersons"),
    ),
    "prohibited purpose of a token": Guard(
        f"{_PRINCIPAL}:authorise",
        "principal.purpose in PROHIBITED",
        False,
        refused("reg", "getPerson", "prohibitedPurpose", details={"purpose": "borderControl"}),
    ),
    "mandate at the request": Guard(
        f"{_PRINCIPAL}:authorise",
        "principal.purpose not in principal.partner['purposes']",
        False,
        refused("own", "getCheckpoint", _PURPOSE, details={"purpose": "repatriation"}),
    ),
    "key of the proof": Guard(
        f"{_PRINCIPAL}:read_credentials",
        "proof.thumbprint != claims['cnf']['jkt']",
        False,
        _another_key,
    ),
    "proof used once": Guard(
        f"{_PRINCIPAL}:admit",
        "replay.first_use(conn, 'dpop', proof.thumbprint, proof.jti, expires=proof.expires)",
        True,
        _proof_twice,
    ),
    "mark at the request": Guard(f"{_PRINCIPAL}:_may_still", "client.has_access", True, _mark_at_request),
    "token from before": Guard(
        f"{_PRINCIPAL}:admit", "claims.get(EPOCH) != client.epoch", False, _token_of_before
    ),
    "suspension": Guard(
        f"{_PRINCIPAL}:_may_still",
        "call.operation.action in client.actions(credentials.purpose)",
        True,
        cell("ended", "getCheckpoint"),
    ),
    "end of a token": Guard(
        f"{_PRINCIPAL}:_token_claims",
        "claims['exp'] <= node.clock.now().timestamp()",
        False,
        refused("reg", "listPersons", "unauthorized", iat=1, exp=200),
    ),
    "audience of a token": Guard(
        f"{_PRINCIPAL}:_verified",
        "claims.get('aud') != url",
        False,
        refused("reg", "listPersons", "unauthorized", aud="https://other.example"),
    ),
    "issuer of a token": Guard(
        f"{_PRINCIPAL}:_verified",
        "claims.get('iss') != url",
        False,
        refused("reg", "listPersons", "unauthorized", iss="https://other.example"),
    ),
    "type of a token": Guard(
        f"{_PRINCIPAL}:_verified",
        "parsed.header.get('typ') != 'at+jwt'",
        False,
        refused("reg", "listPersons", "unauthorized", typ="mpex-release+jwt"),
    ),
    "actions at the token": Guard(
        f"{_TOKEN}:_check_grant",
        "not opened.issuperset(details['actions'])",
        False,
        no_token("registrar", actions=["releaseCases:decide"]),
    ),
    "mandate at the token": Guard(
        f"{_TOKEN}:_check_grant",
        "not client.may_use(details['purpose'])",
        False,
        no_token("one", purpose="repatriation", actions=["log:read"]),
    ),
    "mark at the token": Guard(f"{_CLIENT}.has_access", "self.marked", True, _mark_at_token),
    "prohibited purpose at the token": Guard(
        f"{_TOKEN}:_prohibited", "purpose in PROHIBITED", False, _prohibited_at_token
    ),
    "prohibited purpose in a body": Guard(
        f"{_RUNNER}:_body", "purpose in PROHIBITED", False, _said("borderControl", "prohibitedPurpose")
    ),
    "purpose of a body": Guard(
        f"{_RUNNER}:_body", "purpose != principal.purpose", False, _said("identifyDeceased", _PURPOSE)
    ),
    "categories of a token": Guard(
        f"{_RUNNER}:_keep_within", "principal.categories is not None", False, _fewer_categories
    ),
    "request of another partner": Guard(
        f"{SERVER}.release_requests.service:own",
        "request.owner != partner",
        False,
        cell("other", "getReleaseRequest"),
    ),
    "purpose of a release": Guard(
        f"{SERVER}.release_requests.routes:_same_purpose",
        "ctx.principal.purpose != request.body['purpose']",
        False,
        cell("purpose", "collectRelease"),
    ),
    "record offered to another": Guard(
        f"{SERVER}.custody.handing_out:_offered",
        "_offered_to(transfer, terms.partner)",
        True,
        cell("other", "collectCustodyRecord"),
    ),
    "purpose of an offer": Guard(
        f"{SERVER}.custody.handing_out:_offered",
        "terms.purpose != transfer.body['purpose']",
        False,
        cell("purpose", "collectCustodyRecord"),
    ),
    "purpose of what was received": Guard(
        f"{SERVER}.received_releases.service:_same_purpose",
        "purpose != document.body['purpose']",
        False,
        cell("count", "getReceivedRelease"),
    ),
    "purpose of what was asked": Guard(
        f"{SERVER}.partner_release_requests.service:_same_purpose",
        "stored != purpose",
        False,
        cell("count", "getPartnerReleaseRequest"),
    ),
    "right to assert a death": Guard(
        f"{SERVER}.identifications.service:require_right",
        "ASSERTS_DEATH not in ctx.principal.actions",
        False,
        cell("sup", "assertDeath"),
    ),
    "tasks that tell of a death": Guard(
        f"{SERVER}.tasks.service:find", "task.kind in withheld", False, cell("reg", "completeTask")
    ),
    "work of another role": Guard(
        f"{SERVER}.tasks.service:complete",
        "not (kind.roles | {SUPERIOR}) & set(roles)",
        False,
        cell("rel", "completeTask"),
    ),
    "who may hear of a death": Guard(
        f"{SERVER}.assistance.service:may_see",
        "document.type != NOTIFY_DEATH",
        True,
        _told_of_death,
    ),
    "cursor of another": Guard(
        f"{SERVER}.http.context:Context._cursor_scope",
        "self.principal.client_id",
        True,
        _cursor_of_another,
    ),
    "class of the recipient": Guard(
        f"{_DIRECTIVES}:Grant.names",
        "requester.recipient_class in self.recipient_classes",
        True,
        _found({"one": "possibleHit", "two": "noHit"}),
    ),
    "territory of the recipient": Guard(
        f"{_DIRECTIVES}:Grant._permits",
        "requester.territories <= self.territories",
        True,
        _found({"one": "possibleHit", "charity": "noHit"}, territories=["ES"]),
    ),
    "purpose of a permit": Guard(
        f"{_DIRECTIVES}:Grant._permits",
        "purpose in self.purposes",
        True,
        _found({"one": "noHit"}, purposes=["notifyFamily"]),
    ),
    "signature of a partner": Guard(
        f"{SERVER}.http.signed:admit", "principal.partner is None", True, unsigned
    ),
    "one client in assertion and form": Guard(
        f"{_TOKEN}:_authenticate",
        "form.get('client_id', claimed.client_id) != claimed.client_id",
        False,
        another_client_id,
    ),
    "purposes of the node": Guard(
        f"{_TOKEN}:_is_of_this_node", "purpose in call.node.settings.purposes", True, of_another_node
    ),
    "suspension at the token": Guard(f"{_TOKEN}:_check_grant", "not client.has_access", False, why_it_ended),
    "events of staff": Guard(
        f"{_EVENTS}.routes:receive_event", "sender is None", False, not_of_staff("receiveEvent")
    ),
    "events of a former partner": Guard(
        f"{_EVENTS}.routes:receive_event",
        "former and tokens.event_of(claims)[0] not in handlers.OF_FORMER_PARTNERS",
        False,
        event("news", "ended", 403, {"searchId": f"search:{'a' * 26}", "choice": "aliveOnly"}),
    ),
    "issuer of an event": Guard(
        f"{_EVENTS}.tokens:read",
        "claims.get('iss') != sender['nodeId']",
        False,
        event("news", "own", 400, {"searchId": f"search:{'a' * 26}", "choice": "aliveOnly"}, iss=STRANGER),
    ),
    "member of another group": Guard(
        f"{SERVER}.groups.members:find", "member.body['group'] != group", False, _member_of_another
    ),
}
"""By name; the checks inside a signature, of SQL and of two persons have tests of their own."""
