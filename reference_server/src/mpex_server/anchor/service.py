"""What an anchor says: of itself, of those whom it vouches for, and of the marks that it gave."""

from datetime import UTC, datetime
from typing import Any

from mpex_server.anchor import repository
from mpex_server.anchor.repository import IssuedMark
from mpex_server.audit import repository as log
from mpex_server.disclosures.work import Work
from mpex_server.federation import mandate, marks, own, reports, statements
from mpex_server.federation.faults import TrustError
from mpex_server.federation.statements import Statement
from mpex_server.kit import jws
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id

PATHS = {
    "federation_fetch_endpoint": "/federation/fetch",
    "federation_list_endpoint": "/federation/list",
    "federation_trust_mark_status_endpoint": "/federation/mark-status",
}
_DAY_SECONDS = 86_400
Json = dict[str, Any]


def claims(work: Work) -> Json:
    """Return what an anchor says of itself beside its keys: where it answers, its log, who gives marks."""
    settings = work.settings
    places = {name: settings.public_url + path for name, path in PATHS.items()}
    own_log = {"origin": log.origin(settings), "key": str(log.verifier(settings, work.keys))}
    about = {"organization_name": settings.name, "mpex_log": own_log, **places}
    said: Json = {"metadata": {"federation_entity": about}}
    if settings.superiors:
        said["authority_hints"] = list(settings.superiors)
    if accredited := repository.accredited(work.conn):
        said["trust_mark_issuers"] = accredited
    return said


def statement(work: Work, entity: str) -> str | None:
    """Return the statement on an entity, or None when it is not enrolled."""
    jwks = repository.keys_of(work.conn, entity)
    if jwks is None:
        return None
    said: Json = {"jwks": jwks}
    if not repository.is_intermediate(work.conn, entity):
        # Who vouches for nobody must not begin to by naming itself as somebody's superior.
        said["constraints"] = {"max_path_length": 0}
    return own.statement(work.settings, work.keys, entity, said, now=work.now())


def enrol(work: Work, text: str, entity: str, *, intermediate: bool | None = None) -> tuple[str, ...]:
    """Vouch for an entity, by its entity configuration; return the thumbprints of its keys.

    Raises TrustError. One that is enrolled already stays a node or an intermediate unless `intermediate` says
    which it is.
    """
    said = to_vouch_for(work, text, entity)
    if intermediate is None:
        intermediate = repository.is_intermediate(work.conn, entity)
    keys, issued = said.claims["jwks"], said.claims["iat"]
    at = instant(work.now())
    repository.enrol(work.conn, entity, keys, issued=issued, intermediate=intermediate, at=at)
    return tuple(sorted(said.thumbprints))


def to_vouch_for(work: Work, text: str, entity: str) -> Statement:
    """Return an entity configuration, the keys in which may be vouched for; raises TrustError.

    Whoever enrols it has compared its key by another way. One that is enrolled already must sign with a key
    that is vouched for; so it exchanges its keys (TRUST-015). What it said before it said what was enrolled
    is no news of it, whoever shows it again (TRUST-027).
    """
    said = statements.configuration(text, entity=entity, now=work.now())
    before = repository.keys_of(work.conn, entity)
    if before is not None and said.signer not in thumbprints(before, entity):
        raise TrustError("unvouchedKey", entity, "it signed with a key that it was not enrolled with")
    if said.claims["iat"] < repository.issued(work.conn, entity):
        raise TrustError("expired", entity, "it has said something else since")
    if work.settings.public_url not in said.hints:
        raise TrustError("noAnchor", entity, "it does not name this superior in its authority_hints")
    return said


def thumbprints(jwks: Json, entity: str) -> set[str]:
    """Return the thumbprints of an entity's keys; raises TrustError."""
    return {key.thumbprint for key in statements.keys_of(jwks, entity).values()}


def give_mark(work: Work, claims: Json) -> str:
    """Return a new mark that says what `mark_claims` returned."""
    entity, kind = claims["sub"], claims["trust_mark_type"]
    issued, until = (instant(datetime.fromtimestamp(claims[name], UTC)) for name in ("iat", "exp"))
    kid = own.lasting_kid(work.keys)
    repository.give(work.conn, IssuedMark(claims["jti"], entity, kind, kid, issued, until, None))
    return own.signed_to_last(work.keys, marks.TYP, claims)


def mark_claims(
    work: Work, entity: str, kind: str, *, days: int, said: Json, node_id: str | None = None
) -> Json:
    """Return what a new mark would say; raises TrustError for what does not follow its schema.

    The entity need be known by nothing but its address; for a mark of conformance `node_id` is the node that
    it says to be.
    """
    if kind == mandate.TRACING:
        mandate.check_mandate(said.get("mandate"), entity)
    if kind == mandate.CONFORMANCE:
        reports.check(said.get("report"), entity, node_id)
    issued = int(work.now().timestamp())
    return {
        "iss": work.settings.public_url,
        "sub": entity,
        "trust_mark_type": kind,
        "jti": new_id("mark"),
        "iat": issued,
        "exp": issued + days * _DAY_SECONDS,
        **said,
    }


def status(work: Work, token: str) -> str:
    """Return a signed answer on a mark: active, expired, revoked, or invalid when it was not given here."""
    now = work.now()
    answer = {
        "iss": work.settings.public_url,
        "iat": int(now.timestamp()),
        "trust_mark": token,
        "status": _status(work, token, now),
    }
    return own.signed(work.keys, marks.STATUS_TYP, answer)


def _status(work: Work, token: str, now: datetime) -> str:
    try:
        parsed = jws.parse(token, max_chars=statements.MAX_CHARS)
        keys = statements.keys_of(work.keys.federation_jwks(), work.settings.public_url)
        statements.signature(parsed, keys, work.settings.public_url)
    except (jws.JwsError, TrustError):
        return "invalid"
    kept = repository.mark(work.conn, str(parsed.claims.get("jti")))
    if kept is None:
        return "invalid"
    if kept.revoked_at is not None:
        return "revoked"
    return "active" if kept.expires_at > instant(now) else "expired"
