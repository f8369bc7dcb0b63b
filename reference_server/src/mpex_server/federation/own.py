"""What this entity says of itself: its entity configuration (OpenID Federation 1.0, section 3)."""

from datetime import datetime
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
    """Return a token of this entity."""
    header = {"typ": typ, "alg": "ES256", "kid": keys.federation_jwks()["keys"][0]["kid"]}
    return jws.sign(header, claims, keys.sign_federation)
