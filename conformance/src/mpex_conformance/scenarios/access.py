"""Access: client assertions, DPoP proofs, tokens bound to a purpose and to actions."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mpex_conformance import clock, expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.wire import contract, jose, proofs
from mpex_conformance.wire.actor import Actor, Token, details
from mpex_conformance.wire.anonymous import knock
from mpex_conformance.wire.exchange import Answer

_ACTION = "persons:read"
_YOUNG_SECONDS = 60


def _client(lab: Lab) -> Actor:
    """Return a client that gets a token when everything is right: the control of every refusal here."""
    actor = lab.staff_for(_ACTION)
    expect.status(actor.ask_token(actions=[_ACTION])[0], 200, why="control")
    return actor


def _refused(actor: Actor, assertion: str, why: str) -> None:
    answer, _ = actor.ask_token(actions=[_ACTION], assertion=assertion)
    # AUTH-002 to AUTH-005 name the same refusal.
    expect.refused(answer, "AUTH-002", why=why)


def _get(lab: Lab, token: Token, headers: dict[str, str | None]) -> Answer:
    return lab.staff("listPersons", token=token, headers=headers)


@check("auth-001", requirements=["AUTH-001"])
def token_everywhere(lab: Lab) -> None:
    """Every operation of the contract that names an action refuses a stranger."""
    guarded = [operation for operation in contract.operations().values() if operation.action]
    expect.that(guarded, "the contract names no guarded operation")
    for operation in guarded:
        answer = knock(lab.wire, operation)
        expect.refused(answer, "AUTH-001", why="no token")
        expect.that(
            "dpop" in answer.headers.get("www-authenticate", "").lower(), f"{operation.id} asks for no DPoP"
        )
    expect.problem(
        knock(lab.wire, contract.operations()["listPersons"], {"Authorization": "DPoP x.y.z"}), 401
    )


@check("auth-002", requirements=["AUTH-002"])
def assertion_signature(lab: Lab) -> None:
    """An assertion by another key, or by an algorithm that is not allowed, is refused."""
    actor = _client(lab)
    _refused(actor, actor.assertion(key=jose.new_key()), "signed by a key that is not registered")
    _refused(actor, actor.assertion(key=None, header={"alg": "none"}), "not signed")
    weak = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    _refused(actor, actor.assertion(key=weak, header={"alg": "RS256"}), "RS256")
    shared = str(jose.public_jwk(actor.identity.key)["x"]).encode()
    _refused(actor, actor.assertion(key=shared, header={"alg": "HS256"}), "HS256 with a public value")
    right = actor.assertion()
    head, payload, signature = right.split(".")
    other = jose.b64u(bytes(reversed(jose.unb64u(signature))))
    _refused(actor, f"{head}.{payload}.{other}", "broken signature")


@check("auth-003", requirements=["AUTH-003"])
def assertion_audience(lab: Lab) -> None:
    """The audience is the issuer as one string: no list, no other address, not absent."""
    actor = _client(lab)
    issuer = lab.doors.issuer
    for why, audience in (
        ("a list", [issuer]),
        ("a list with a stranger", [issuer, "https://other.example"]),
        ("the token endpoint", lab.doors.token_endpoint),
        ("another issuer", "https://other.example"),
        ("absent", None),
    ):
        _refused(actor, actor.assertion(claims={"aud": audience}), f"audience is {why}")


@check("auth-004", requirements=["AUTH-004"])
def assertion_once(lab: Lab) -> None:
    """An assertion works once, whatever was answered; so does its identifier in another assertion."""
    actor, jti = _client(lab), proofs.unique()
    used = actor.assertion(claims={"jti": jti})
    expect.status(actor.ask_token(actions=[_ACTION], assertion=used)[0], 200, why="first use")
    _refused(actor, used, "second use")
    _refused(actor, actor.assertion(claims={"jti": jti, "exp": clock.seconds() + 90}), "same jti")
    _refused(actor, actor.assertion(claims={"jti": None}), "no jti")
    spent = actor.assertion()
    expect.oauth_error(actor.ask_token(actions=["nothing:read"], assertion=spent)[0], why="no action")
    _refused(actor, spent, "after a refusal of what was asked")


@check("auth-005", requirements=["AUTH-005"])
def assertion_lifetime(lab: Lab) -> None:
    """An assertion may live 300 seconds and no longer, and must end."""
    actor, now = _client(lab), clock.seconds()
    near = actor.assertion(claims={"exp": now + 240})
    expect.status(actor.ask_token(actions=[_ACTION], assertion=near)[0], 200, why="240 seconds")
    for seconds in (400, 3600, 315_360_000):
        _refused(actor, actor.assertion(claims={"exp": now + seconds}), f"expires in {seconds} seconds")
    _refused(actor, actor.assertion(claims={"exp": now - 300, "iat": now - 360}), "expired")
    _refused(actor, actor.assertion(claims={"exp": None}), "never expires")


@check("auth-006", requirements=["AUTH-006"])
def proof_once(lab: Lab) -> None:
    """A DPoP proof works once, at the token endpoint and at a resource."""
    actor = _client(lab)
    made, _ = proofs.proof(actor.identity.key, method="POST", url=lab.doors.token_endpoint)
    expect.status(actor.ask_token(actions=[_ACTION], proof=made)[0], 200, why="first use")
    expect.refused(actor.ask_token(actions=[_ACTION], proof=made)[0], "AUTH-006", why="proof used before")
    expect.refused(actor.ask_token(actions=[_ACTION], proof=None)[0], "AUTH-006", why="no proof")
    token = actor.token(scenes.PURPOSE, _ACTION)
    request = actor.prepare(contract.operations()["listPersons"], token)
    expect.status(lab.wire.send(request), 200, why="first use")
    expect.refused(lab.wire.send(request), "AUTH-006", why="proof used before")


@check("auth-007", requirements=["AUTH-007"])
def proof_is_bound(lab: Lab) -> None:
    """A proof for another method, address, token or key is refused, at resource and token endpoint."""
    actor = _client(lab)
    token, key = actor.token(scenes.PURPOSE, _ACTION), actor.identity.key
    url = f"{lab.wire.base_url}/v1/persons"
    other = actor.ask_token(actions=[_ACTION])[0].at("access_token")
    for why, made in (
        ("method", proofs.proof(key, method="POST", url=url, token=token.value)),
        ("address", proofs.proof(key, method="GET", url=f"{url}/other", token=token.value)),
        ("host", proofs.proof(key, method="GET", url="https://other.example/v1/persons", token=token.value)),
        ("token", proofs.proof(key, method="GET", url=url, token=str(other))),
        ("no token", proofs.proof(key, method="GET", url=url)),
        ("key", proofs.proof(jose.new_key(), method="GET", url=url, token=token.value)),
        (
            "age",
            proofs.proof(
                key, method="GET", url=url, token=token.value, claims={"iat": clock.seconds() - 3600}
            ),
        ),
        ("type", proofs.proof(key, method="GET", url=url, token=token.value, header={"typ": "JWT"})),
    ):
        expect.refused(_get(lab, token, {"DPoP": made[0]}), "AUTH-007", why=f"proof for another {why}")
    expect.refused(_get(lab, token, {"DPoP": None}), "AUTH-007", why="no proof")
    at_token, _ = proofs.proof(key, method="POST", url=url)
    expect.refused(
        actor.ask_token(actions=[_ACTION], proof=at_token)[0], "AUTH-007", why="proof for another address"
    )
    expect.status(_get(lab, token, {}), 200, why="a right proof still works")


@check("auth-020", requirements=["AUTH-020"])
def proof_is_young(lab: Lab) -> None:
    """A proof that was made more than 60 seconds ago is refused, at resource and token endpoint."""
    actor = _client(lab)
    token, key = actor.token(scenes.PURPOSE, _ACTION), actor.identity.key
    at_token, at_persons = lab.doors.token_endpoint, f"{lab.wire.base_url}/v1/persons"
    for seconds in (20, 90, 600):
        old = {"iat": clock.seconds() - seconds}
        made, _ = proofs.proof(key, method="GET", url=at_persons, token=token.value, claims=old)
        asked, _ = proofs.proof(key, method="POST", url=at_token, claims=old)
        opened, given = _get(lab, token, {"DPoP": made}), actor.ask_token(actions=[_ACTION], proof=asked)[0]
        why = f"a proof of {seconds} seconds ago"
        if seconds < _YOUNG_SECONDS:
            expect.status(opened, 200, why=why)
            expect.status(given, 200, why=why)
        else:
            expect.refused(opened, "AUTH-020", why=why)
            expect.refused(given, "AUTH-020", why=why)


@check("auth-008", requirements=["AUTH-008"])
def no_bearer(lab: Lab) -> None:
    """A token presented as Bearer is refused, with a proof and without."""
    token = _client(lab).token(scenes.PURPOSE, _ACTION)
    expect.status(_get(lab, token, {}), 200, why="control")
    bearer: dict[str, str | None] = {"Authorization": f"Bearer {token.value}"}
    expect.refused(_get(lab, token, bearer), "AUTH-008", why="Bearer with a proof")
    expect.refused(_get(lab, token, {**bearer, "DPoP": None}), "AUTH-008", why="Bearer without a proof")


@check("auth-009", requirements=["AUTH-009"])
def closed_details(lab: Lab) -> None:
    """Authorization details are one object of the closed schema, or there is no token."""
    actor = _client(lab)
    right = details(scenes.PURPOSE, [_ACTION])[0]
    wrong: dict[str, Any] = {
        "missing": None,
        "not JSON": "[{",
        "empty": [],
        "two objects": [right, right],
        "an object alone": right,
        "unknown member": [{**right, "conformanceExtra": True}],
        "unknown type": [{**right, "type": "urn:other:access"}],
        "unknown purpose": [{**right, "purpose": "conformancePurpose"}],
        "unknown action": [{**right, "actions": ["everything:do"]}],
        "no action": [{**right, "actions": []}],
        "no purpose": [{name: value for name, value in right.items() if name != "purpose"}],
        "no legal basis": [{name: value for name, value in right.items() if name != "legalBasis"}],
    }
    for why, given in wrong.items():
        answer, _ = actor.ask_token(authorization_details=given)
        expect.refused(answer, "AUTH-009", why=why)


@check("auth-010", requirements=["AUTH-010"], needs=["partner.one"])
def mandate(lab: Lab) -> None:
    """A partner gets no token for a purpose that its registry entry does not name."""
    every = {
        "searchLiving",
        "identifyDeceased",
        "familyReunification",
        "repatriation",
        "statistics",
        "protectLife",
    }
    tried = 0
    for name in lab.ordinary:
        actor, purposes = lab.partner(name), set(lab.entry(name)["purposes"])
        for purpose in sorted(every - purposes):
            answer, _ = actor.ask_token(purpose, ["searches:create"])
            expect.refused(answer, "AUTH-010", why=f"{purpose} is not in the mandate of partner {name}")
            tried += 1
    if not tried:
        raise UntestableError("the partners of the profile hold a mandate for every purpose")


@check("auth-011", requirements=["AUTH-011"])
def actions(lab: Lab) -> None:
    """A token for one action opens no operation of another."""
    token = _client(lab).token(scenes.PURPOSE, _ACTION)
    content = samples.sections(scenes.fictitious_name())
    body = samples.person([samples.contribution(content)])
    writer = lab.staff_for("persons:write")
    reading = writer.token(scenes.PURPOSE, _ACTION) if writer.may(scenes.PURPOSE, _ACTION) else token
    expect.refused(lab.staff("createPerson", body, token=reading), "AUTH-011")
    for operation_id in ("listDirectives", "listIncidents", "listTasks"):
        expect.refused(lab.staff(operation_id, token=token), "AUTH-011")


@check("auth-012", requirements=["AUTH-012"])
def token_lifetime(lab: Lab) -> None:
    """A token says that it expires within 300 seconds, in the answer and in itself."""
    answer, _ = _client(lab).ask_token(actions=[_ACTION])
    expect.that(1 <= int(answer.at("expires_in")) <= 300, "expires_in is more than 300 seconds")
    claims = jose.verified(str(answer.at("access_token")), lab.jwks)
    expect.that(claims is not None, "the token is not signed by a published key")
    life = (claims or {}).get("exp", 0) - (claims or {}).get("iat", 0)
    expect.that(0 < life <= 300, "the token itself lives more than 300 seconds")
    expect.that((claims or {}).get("cnf", {}).get("jkt"), "the token is bound to no key")


@check("auth-013", requirements=["AUTH-013"], needs=["partner.unmarked"])
def marked_partners_only(lab: Lab) -> None:
    """A partner without the mark of no immigration enforcement gets no token to search, ask or read."""
    actor = lab.partner("unmarked")
    expect.that(not lab.entry("unmarked")["noImmigrationEnforcement"], "[partner.unmarked] holds the mark")
    for action in ("searches:create", "releaseRequests:create", "log:read"):
        expect.refused(actor.ask_token(actions=[action])[0], "AUTH-013", why="no mark")


@check("auth-014", requirements=["AUTH-014"], needs=["partner.one"])
def partners_list_nothing(lab: Lab) -> None:
    """A partner gets no token for an action that lists or reads records, and its tokens open none of them."""
    actor = lab.partner("one")
    open_to_partners = {
        "searches:create",
        "releaseRequests:create",
        "releaseRequests:read",
        "releases:collect",
        "custody:collect",
        "events:receive",
        "log:read",
    }
    guarded = [item for item in contract.operations().values() if item.action]
    for action in sorted({str(item.action) for item in guarded} - open_to_partners):
        expect.refused(actor.ask_token(actions=[action])[0], "AUTH-014", why=f"partner asks for {action}")
    token = actor.token(scenes.PURPOSE, "searches:create")
    for operation_id in (
        "listPersons",
        "listRemainsUnits",
        "listSearchRequests",
        "listDirectives",
        "listTasks",
    ):
        expect.refused(actor.call(operation_id, token=token), "AUTH-014", why="partner reads records")
