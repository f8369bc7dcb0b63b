"""What this entity says of itself: its entity configuration (OpenID Federation 1.0, section 3)."""

from datetime import datetime
from functools import partial
from typing import Any

from mpex_server.federation import statements
from mpex_server.federation.directory import NODE
from mpex_server.keys import KeyProvider
from mpex_server.kit import jws
from mpex_server.settings import Settings

LIVES_SECONDS = 12 * 3600
Json = dict[str, Any]


def node_claims(settings: Settings, keys: KeyProvider, marks: dict[str, str]) -> Json:
    """Return what a node says of itself: its superiors, its keys, and the marks that it has (TRUST-001).

    Who it is and what it may do stands in the mark of its mandate, whose issuer says so, and nowhere here.
    """
    about = {"nodeId": settings.node_id, "name": settings.name, "jwks": keys.public_jwks()}
    said: Json = {"metadata": {"federation_entity": {"organization_name": settings.name}, NODE: about}}
    if settings.superiors:
        said["authority_hints"] = list(settings.superiors)
    if marks:
        shown = sorted(marks.items())
        said["trust_marks"] = [{"trust_mark_type": kind, "trust_mark": token} for kind, token in shown]
    return said


def statement(
    settings: Settings,
    keys: KeyProvider,
    subject: str,
    claims: Json,
    *,
    now: datetime,
    typ: str = statements.TYP,
) -> str:
    """Return a statement of this entity on a subject, signed with its federation key, for half a day."""
    issued = int(now.timestamp())
    whole = {
        "iss": settings.public_url,
        "sub": subject,
        "iat": issued,
        "exp": issued + LIVES_SECONDS,
    }
    return signed(keys, typ, whole | claims)


def configuration(settings: Settings, keys: KeyProvider, claims: Json, *, now: datetime) -> str:
    """Return the entity configuration with `claims`."""
    said = {"jwks": keys.federation_jwks()} | claims
    return statement(settings, keys, settings.public_url, said, now=now)


def signed(keys: KeyProvider, typ: str, claims: Json) -> str:
    """Return a token of this entity for now, by its oldest key, which its superiors know."""
    return _signed(keys, keys.federation_jwks()["keys"][0]["kid"], typ, claims)


def signed_to_last(keys: KeyProvider, typ: str, claims: Json) -> str:
    """Return a token of this entity by its newest key, to outlive an exchange of keys (TRUST-017)."""
    return _signed(keys, lasting_kid(keys), typ, claims)


def lasting_kid(keys: KeyProvider) -> str:
    """Return the kid of the newest key, by which marks are given."""
    return str(keys.federation_jwks()["keys"][-1]["kid"])


def _signed(keys: KeyProvider, kid: str, typ: str, claims: Json) -> str:
    header = {"typ": typ, "alg": "ES256", "kid": kid}
    return jws.sign(header, claims, partial(keys.sign_federation, kid))
