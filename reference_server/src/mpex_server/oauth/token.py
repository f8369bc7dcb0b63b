"""Token endpoint: client credentials, private_key_jwt, DPoP and purpose-bound authorization details."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs
from sqlalchemy import Connection

from mpex_server.audit import leaves
from mpex_server.domain.purposes import PROHIBITED
from mpex_server.errors import OAuthError, Problem
from mpex_server.federation import renewal
from mpex_server.http import operations, spec
from mpex_server.http.call import Call, Reply
from mpex_server.kit import jws, strict_json
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.node import Node
from mpex_server.oauth import assertion, clients, dpop, replay
from mpex_server.oauth.principal import EPOCH
from mpex_server.storage.engine import UNSTATED, transaction

GRANT = "client_credentials"
DETAILS_TYPE = "urn:mpex:access"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DETAILS_ERROR = "invalid_authorization_details"
_MAX_FIELDS = 10


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What a request for a token rests on: a client by its assertion, and its proof; both are spent."""

    client: clients.Client
    proof: dpop.Proof


@operations.public("createToken")
def create_token(call: Call) -> Reply:
    """Issue an access token (RFC 9068) bound to the key of the proof; raises OAuthError."""
    form = _form(call)
    evidence = _spent(call, *_authenticate(call, form))
    asked = _asked(form)
    # Before anything else that is wrong with it, so that it is in the log (PURP-003).
    if (prohibited := _prohibited(asked)) is not None:
        _record_prohibited(call, evidence, prohibited)
        raise OAuthError(DETAILS_ERROR, "The purpose is prohibited for everybody; the request was recorded.")
    details = _details(asked)
    if not _is_of_this_node(call, details["purpose"]):
        raise OAuthError(DETAILS_ERROR, "The purpose is not one of this node's; see its metadata.")
    _check_grant(evidence.client, details)
    return _issued(call, evidence, details)


def _form(call: Call) -> dict[str, str]:
    if isinstance(call.body, Problem):
        large = call.body.code == "bodyTooLarge"
        raise OAuthError(
            "invalid_request", "The body is too large or incomplete.", status=413 if large else 400
        )
    media = (call.header("content-type") or "").partition(";")[0].strip().lower()
    if media != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "Send the parameters as application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl(call.body.decode("ascii"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise OAuthError("invalid_request", "The form cannot be read.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthError("invalid_request", "A parameter is repeated.")
    if form.get("grant_type") is None:
        raise OAuthError("invalid_request", "grant_type is missing.")
    if form["grant_type"] != GRANT:
        raise OAuthError("unsupported_grant_type", f"Only {GRANT} is supported.")
    return form


def _authenticate(call: Call, form: dict[str, str]) -> tuple[clients.Client, str, int]:
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
        raise OAuthError("invalid_client", "Authenticate with private_key_jwt.", status=401)
    _check_one_way(call, form)
    node = call.node
    try:
        claimed = assertion.parse(form["client_assertion"])
        if form.get("client_id", claimed.client_id) != claimed.client_id:
            raise assertion.AssertionRefusedError("the client is not registered")
        client, jti, remember = _verified(node, claimed)
    except assertion.AssertionRefusedError as error:
        raise OAuthError("invalid_client", f"The assertion is refused: {error}.", status=401) from error
    return client, jti, remember


def _check_one_way(call: Call, form: dict[str, str]) -> None:
    """Refuse a second authentication beside the assertion (AUTH-018)."""
    if call.header("authorization") is not None or "client_secret" in form:
        raise OAuthError("invalid_request", "Authenticate in one way, with private_key_jwt.")


def _verified(node: Node, claimed: assertion.Assertion) -> tuple[clients.Client, str, int]:
    """Check an assertion with the keys of the client; with those of today when it names another one."""
    client = _client(node, claimed.client_id)
    issuer, now = node.settings.public_url, node.clock.now().timestamp()
    try:
        return client, *assertion.verify(claimed, client, issuer=issuer, now=now)
    except assertion.UnknownKeyError:
        if renewal.look(node, client.client_id) is None:
            raise
    client = _client(node, claimed.client_id)
    return client, *assertion.verify(claimed, client, issuer=issuer, now=now)


def _client(node: Node, client_id: str) -> clients.Client:
    with transaction(node.engine, UNSTATED, write=False) as conn:
        now = node.clock.now()
        client = clients.find(conn, client_id, now) or clients.find_former(conn, client_id, now)
    if client is None:
        raise assertion.AssertionRefusedError("the client is not registered")
    return client


def _spent(call: Call, client: clients.Client, jti: str, remember: int) -> _Evidence:
    """Record a good assertion as used whatever becomes of the request, and the proof if it is good as well.

    Raises OAuthError when the proof is not, or one of them was used before (AUTH-004, AUTH-006).
    """
    proof = _proof(call)
    with transaction(call.node.engine, UNSTATED, short=True) as conn:
        replay.forget_expired(conn, int(call.node.clock.now().timestamp()))
        fresh = replay.first_use(conn, "assertion", client.client_id, jti, expires=remember)
        if fresh and isinstance(proof, dpop.Proof):
            proof = _unused(conn, proof)
    if not fresh:
        raise OAuthError("invalid_client", "The assertion was used before.", status=401)
    if isinstance(proof, OAuthError):
        raise proof
    return _Evidence(client, proof)


def _unused(conn: Connection, proof: dpop.Proof) -> dpop.Proof | OAuthError:
    """Record a proof as used, and return why it is refused when it was before."""
    if replay.first_use(conn, "dpop", proof.thumbprint, proof.jti, expires=proof.expires):
        return proof
    return OAuthError("invalid_dpop_proof", "The proof was used before.")


def _proof(call: Call) -> dpop.Proof | OAuthError:
    """Return the proof of a request, or why it is refused."""
    try:
        return dpop.verify(
            call.header_values("dpop"),
            method="POST",
            url=call.node.settings.public_url + call.raw_path,
            now=call.node.clock.now().timestamp(),
            token=None,
        )
    except dpop.ProofError as error:
        return OAuthError("invalid_dpop_proof", f"The proof is refused: {error}.")


def _asked(form: dict[str, str]) -> Any:
    try:
        return strict_json.loads(form.get("authorization_details", "").encode())
    except strict_json.StrictJsonError as error:
        raise OAuthError(
            DETAILS_ERROR, f"authorization_details is not strict JSON: {error.detail}."
        ) from None


def _prohibited(asked: Any) -> str | None:
    """Return a prohibited purpose that is asked for, whatever form the rest has."""
    for part in asked if isinstance(asked, list) else [asked]:
        purpose = part.get("purpose") if isinstance(part, dict) else None
        if isinstance(purpose, str) and purpose in PROHIBITED:
            return purpose
    return None


def _details(asked: Any) -> dict[str, Any]:
    if not _details_validator().is_valid(asked):
        text = "authorization_details must be one object as schemas/authorization-details.json says."
        raise OAuthError(DETAILS_ERROR, text)
    return dict(asked[0])


@lru_cache(maxsize=1)
def _details_validator() -> jsonschema_rs.Draft202012Validator:
    return spec.schema_validator("authorization-details")


def _is_of_this_node(call: Call, purpose: str) -> bool:
    """Tell whether the metadata of the node name a purpose (PURP-005)."""
    return purpose in call.node.settings.purposes


def _check_grant(client: clients.Client, details: dict[str, Any]) -> None:
    opened = client.actions(details["purpose"])
    if not client.has_access and not opened.issuperset(details["actions"]):
        raise _without_access(client)
    if not client.may_use(details["purpose"]):
        raise OAuthError(DETAILS_ERROR, "The purpose is not in the mandate of this client.")
    if not opened.issuperset(details["actions"]):
        raise OAuthError(DETAILS_ERROR, "An action is not open to this client for the purpose.")


def _without_access(client: clients.Client) -> OAuthError:
    """Return why a partner that has proved who it is has no access (AUTH-013, AUTH-015, TRUST-022, -031)."""
    if client.former:
        text = "The client is not registered any more."
        return OAuthError("invalid_client", text, status=401, trust_fault=client.fault)
    if client.barred:
        text = "The class of the client is never given access."
        return OAuthError("unauthorized_client", text, trust_fault="mandateProhibited")
    return OAuthError(
        "unauthorized_client",
        "There is no mark of no immigration enforcement that counts; trust_fault says why.",
        trust_fault=client.fault or "markMissing",
    )


def _record_prohibited(call: Call, evidence: _Evidence, purpose: str) -> None:
    node = call.node
    with transaction(node.engine, UNSTATED, short=True) as conn:
        leaves.write(
            conn,
            node.keys,
            at=instant(node.clock.now()),
            event="token",
            outcome="refused",
            actor=evidence.client.client_id,
            purpose=purpose,
            proof=evidence.proof.jti,
            reason=leaves.PROHIBITED_PURPOSE,
        )


def _issued(call: Call, evidence: _Evidence, details: dict[str, Any]) -> Reply:
    node, client_id, seconds = call.node, evidence.client.client_id, call.node.settings.token_seconds
    issued = int(node.clock.now().timestamp())
    claims = {
        "iss": node.settings.public_url,
        "aud": node.settings.public_url,
        "sub": client_id,
        "client_id": client_id,
        "iat": issued,
        "exp": issued + seconds,
        "jti": new_id("token"),
        "cnf": {"jkt": evidence.proof.thumbprint},
        "authorization_details": [details],
    }
    if evidence.client.epoch is not None:
        claims[EPOCH] = evidence.client.epoch
    header = {"typ": "at+jwt", "alg": "ES256", "kid": node.keys.signing_kid()}
    return Reply(
        body={
            "access_token": jws.sign(header, claims, node.keys.sign),
            "token_type": "DPoP",
            "expires_in": seconds,
            "authorization_details": [details],
        },
        headers={"Pragma": "no-cache"},
    )
