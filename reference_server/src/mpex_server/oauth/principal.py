"""Resource side: from the headers of a request to the principal that acts (RFC 9068, RFC 9449 §7)."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from mpex_server.domain.purposes import PROHIBITED
from mpex_server.errors import CHALLENGE, Problem
from mpex_server.http.call import Call
from mpex_server.kit import jws
from mpex_server.oauth import clients, dpop, replay

LIFETIME_SECONDS = 300
"""No token of any node lives longer (AUTH-012)."""
EPOCH = "epoch"
"""Claim in the tokens of a partner whose access had ended and was given again (AUTH-019)."""
_NEEDED = frozenset({"iat", "exp", "client_id", "authorization_details"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """A token and a proof that fit each other and the request; nothing was read yet."""

    claims: dict[str, Any]
    proof: dpop.Proof

    @property
    def purpose(self) -> str:
        """The purpose that the token is for."""
        return str(self.claims["authorization_details"][0]["purpose"])


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, for which purpose and on which basis; `partner` is its entry, None for staff.

    `person` is the same for all clients of one person: where two persons decide, two clients are not enough.
    """

    client_id: str
    person: str
    kind: Literal["staff", "partner"]
    roles: tuple[str, ...]
    node_id: str
    purpose: str
    legal_basis: str
    actions: frozenset[str]
    categories: frozenset[str] | None
    partner: dict[str, Any] | None
    proof: str


def read_credentials(call: Call) -> Credentials:
    """Check token and proof of a request; raises Problem `unauthorized` with the DPoP challenge."""
    fields = call.header_values("authorization")
    scheme, _, token = fields[0].partition(" ") if len(fields) == 1 else ("", "", "")
    if scheme.lower() != "dpop" or not token:
        raise challenge(call, "The request carries no access token of type DPoP.")
    claims = _token_claims(call, token.strip())
    try:
        proof = dpop.verify(
            call.header_values("dpop"),
            method=call.operation.method,
            url=call.node.settings.public_url + call.raw_path,
            now=call.node.clock.now().timestamp(),
            token=token.strip(),
        )
    except dpop.ProofError as error:
        raise challenge(call, f"The proof is refused: {error}.", "invalid_dpop_proof") from error
    if proof.thumbprint != claims["cnf"]["jkt"]:
        raise challenge(call, "The proof is by another key than the token's.", "invalid_token")
    return Credentials(claims, proof)


def admit(conn: Connection, call: Call, credentials: Credentials) -> Principal:
    """Record the proof as used and return the principal as registered now; raises Problem."""
    claims, proof = credentials.claims, credentials.proof
    if not replay.first_use(conn, "dpop", proof.thumbprint, proof.jti, expires=proof.expires):
        raise challenge(call, "The proof was used before.", "invalid_dpop_proof")
    client = clients.find(conn, claims["client_id"], call.node.clock.now())
    client = client or clients.find_former(conn, claims["client_id"], call.node.clock.now())
    if client is None or not _may_still(client, call, credentials):
        raise challenge(call, "The client is not registered any more.", "invalid_token")
    if claims.get(EPOCH) != client.epoch:
        raise challenge(call, "The access token is from before the client's access ended.", "invalid_token")
    details = claims["authorization_details"][0]
    categories = details.get("categories")
    return Principal(
        client_id=client.client_id,
        person=client.person or client.client_id,
        kind="staff" if client.entry is None else "partner",
        roles=client.roles,
        node_id=call.node.settings.node_id if client.entry is None else client.client_id,
        purpose=credentials.purpose,
        legal_basis=details["legalBasis"],
        actions=client.actions(credentials.purpose) & set(details["actions"]),
        categories=None if categories is None else frozenset(categories),
        partner=client.entry,
        proof=proof.jti,
    )


def _may_still(client: clients.Client, call: Call, credentials: Credentials) -> bool:
    """Tell whether a client has its access, or acts to bring recalls to their end (AUTH-013, AUTH-015)."""
    return client.has_access or call.operation.action in client.actions(credentials.purpose)


def authorise(call: Call, principal: Principal) -> None:
    """Refuse a prohibited purpose, an action that token or caller lacks, and a purpose no longer mandated."""
    if principal.purpose in PROHIBITED:
        raise Problem("prohibitedPurpose")
    if call.operation.action not in principal.actions:
        raise Problem(
            "actionNotAllowed",
            f"The token does not carry the action {call.operation.action}.",
            headers={"WWW-Authenticate": 'DPoP error="insufficient_scope"'},
        )
    if principal.partner is not None and principal.purpose not in principal.partner["purposes"]:
        raise Problem("purposeNotAllowed")


def challenge(call: Call, detail: str, error: str | None = None, *, code: str = "unauthorized") -> Problem:
    """Return the 401 of RFC 9449 §7.1 with the address of the protected-resource metadata (RFC 9728 §5.1)."""
    metadata = f"{call.node.settings.public_url}/.well-known/oauth-protected-resource"
    said = f'{CHALLENGE}, resource_metadata="{metadata}"' + (f', error="{error}"' if error else "")
    return Problem(code, detail, headers={"WWW-Authenticate": said})


def _token_claims(call: Call, token: str) -> dict[str, Any]:
    node = call.node
    claims = node.tokens.get(token)
    if claims is None:
        claims = _verified(call, token)
        node.tokens.put(token, claims)
    if claims["exp"] <= node.clock.now().timestamp():
        raise challenge(call, "The access token has expired.", "invalid_token")
    return claims


def _verified(call: Call, token: str) -> dict[str, Any]:
    node = call.node
    try:
        parsed = jws.parse(token)
        kid = parsed.header.get("kid")
        named = [key for key in node.keys.public_jwks()["keys"] if key["kid"] == kid]
        jws.verify(parsed, jws.verification_key(named[0] if named else {}))
    except jws.JwsError as error:
        raise challenge(call, "The access token is not one of this node.", "invalid_token") from error
    url, claims = node.settings.public_url, parsed.claims
    if parsed.header.get("typ") != "at+jwt" or claims.get("iss") != url or claims.get("aud") != url:
        raise challenge(call, "The access token is not meant for this node.", "invalid_token")
    if not _is_bound(claims) or claims["exp"] - claims["iat"] > LIFETIME_SECONDS:
        raise challenge(call, "The access token is bound to no key or lives too long.", "invalid_token")
    return claims


def _is_bound(claims: dict[str, Any]) -> bool:
    """Tell whether a token says to which key and client it is bound, for what, and for how long."""
    bound = claims.get("cnf")
    return isinstance(bound, dict) and "jkt" in bound and claims.keys() >= _NEEDED
