"""Token endpoint: client credentials, private_key_jwt, DPoP and purpose-bound authorization details."""

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from mpex_server.audit import leaves
from mpex_server.errors import OAuthError, Problem
from mpex_server.http import operations, spec
from mpex_server.http.call import Call, Reply
from mpex_server.kit import jws, strict_json
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import assertion, clients, dpop, replay
from mpex_server.oauth.access import PROHIBITED_PURPOSES
from mpex_server.storage.engine import UNSTATED, transaction

GRANT = "client_credentials"
DETAILS_TYPE = "urn:mpex:access"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DETAILS_ERROR = "invalid_authorization_details"
_MAX_FIELDS = 10


@operations.public("createToken")
def create_token(call: Call) -> Reply:
    """Issue an access token (RFC 9068) bound to the key of the proof; raises OAuthError."""
    form = _form(call)
    client, jti, remember = _authenticate(call, form)
    proof = _proof(call)
    details = _details(form)
    if details["purpose"] in PROHIBITED_PURPOSES:
        _record_prohibited(call, client, details["purpose"], proof)
        raise OAuthError(DETAILS_ERROR, "The purpose is prohibited for everybody; the request was recorded.")
    if not _is_of_this_node(call, details["purpose"]):
        raise OAuthError(DETAILS_ERROR, "The purpose is not one of this node's; see its metadata.")
    _check_grant(client, details)
    with transaction(call.node.engine, UNSTATED) as conn:
        now = int(call.node.clock.now().timestamp())
        replay.forget_expired(conn, now)
        if not replay.first_use(conn, "assertion", client.client_id, jti, expires=remember):
            raise OAuthError("invalid_client", "The assertion was used before.", status=401)
        if not replay.first_use(conn, "dpop", proof.thumbprint, proof.jti, expires=proof.expires):
            raise OAuthError("invalid_dpop_proof", "The proof was used before.")
    return _issued(call, client, details, proof)


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
    node = call.node
    try:
        claimed = assertion.parse(form["client_assertion"])
        with transaction(node.engine, UNSTATED, write=False) as conn:
            client = clients.find(conn, claimed.client_id, node.clock.now())
            client = client or clients.find_former(conn, claimed.client_id)
        if client is None or form.get("client_id", client.client_id) != client.client_id:
            raise assertion.AssertionRefusedError("the client is not registered")
        issuer, now = node.settings.public_url, node.clock.now().timestamp()
        jti, remember = assertion.verify(claimed, client, issuer=issuer, now=now)
    except assertion.AssertionRefusedError as error:
        raise OAuthError("invalid_client", f"The assertion is refused: {error}.", status=401) from error
    if not client.marked:
        raise OAuthError(
            "unauthorized_client",
            "There is no mark of no immigration enforcement that counts; trust_fault says why.",
            trust_fault=client.fault or "markMissing",
        )
    return client, jti, remember


def _proof(call: Call) -> dpop.Proof:
    try:
        return dpop.verify(
            call.header_values("dpop"),
            method="POST",
            url=call.node.settings.public_url + call.raw_path,
            now=call.node.clock.now().timestamp(),
            token=None,
        )
    except dpop.ProofError as error:
        raise OAuthError("invalid_dpop_proof", f"The proof is refused: {error}.") from error


def _details(form: dict[str, str]) -> dict[str, Any]:
    try:
        details = strict_json.loads(form.get("authorization_details", "").encode())
    except strict_json.StrictJsonError as error:
        raise OAuthError(
            DETAILS_ERROR, f"authorization_details is not strict JSON: {error.detail}."
        ) from None
    if not _details_validator().is_valid(details):
        text = "authorization_details must be one object as schemas/authorization-details.json says."
        raise OAuthError(DETAILS_ERROR, text)
    return dict(details[0])


@lru_cache(maxsize=1)
def _details_validator() -> jsonschema_rs.Draft202012Validator:
    return spec.schema_validator("authorization-details")


def _is_of_this_node(call: Call, purpose: str) -> bool:
    """Tell whether the metadata of the node name a purpose (PURP-005)."""
    return purpose in call.node.settings.purposes


def _check_grant(client: clients.Client, details: dict[str, Any]) -> None:
    if client.former and not set(details["actions"]) <= client.actions:
        raise OAuthError(
            "invalid_client",
            "The client is not registered any more.",
            status=401,
            trust_fault=client.fault,
        )
    if not client.may_use(details["purpose"]):
        raise OAuthError(DETAILS_ERROR, "The purpose is not in the mandate of this client.")
    if not set(details["actions"]) <= client.actions:
        raise OAuthError(DETAILS_ERROR, "An action is not open to this client.")


def _record_prohibited(call: Call, client: clients.Client, purpose: str, proof: dpop.Proof) -> None:
    node = call.node
    with transaction(node.engine, UNSTATED) as conn:
        if not replay.first_use(conn, "dpop", proof.thumbprint, proof.jti, expires=proof.expires):
            raise OAuthError("invalid_dpop_proof", "The proof was used before.")
        leaves.write(
            conn,
            node.keys,
            at=instant(node.clock.now()),
            event="token",
            outcome="refused",
            actor=client.client_id,
            purpose=purpose,
            proof=proof.jti,
            reason="prohibitedPurpose",
        )


def _issued(call: Call, client: clients.Client, details: dict[str, Any], proof: dpop.Proof) -> Reply:
    node, seconds = call.node, call.node.settings.token_seconds
    issued = int(node.clock.now().timestamp())
    claims = {
        "iss": node.settings.public_url,
        "aud": node.settings.public_url,
        "sub": client.client_id,
        "client_id": client.client_id,
        "iat": issued,
        "exp": issued + seconds,
        "jti": new_id("token"),
        "cnf": {"jkt": proof.thumbprint},
        "authorization_details": [details],
    }
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
