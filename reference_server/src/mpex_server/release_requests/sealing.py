"""Sealed releases: a release travels so that its recipient alone reads it (REL-018 to REL-020)."""

from typing import Any

from mpex_server.keys import KeyProvider
from mpex_server.peers.sealing import Form
from mpex_server.release_requests import statements

_FORM = Form("mpex-sealed-release", "release", outside="sealed-release", inside="release")
Json = dict[str, Any]


def sealed(release: Json, key: Json) -> Json:
    """Return a release (release.json) sealed to a public JWK (sealed-release.json)."""
    claims = statements.claims_of(release["statement"])
    bound = info(claims["iss"], claims["aud"], claims["purpose"], claims["jti"])
    return _FORM.sealed(release, key, claims["jti"], bound)


def opened(keys: KeyProvider, package: Json, *, issuer: str, audience: str, purpose: str) -> Json:
    """Return the release that was sealed for this use; raises Problem `partnerFailed`."""
    _FORM.require(package)
    return _FORM.opened(keys, package, info(issuer, audience, purpose, package["release"]))


def info(issuer: str, audience: str, purpose: str, release: str) -> bytes:
    """Return what a seal is bound to, as canonical JSON (RFC 8785)."""
    return _FORM.info(issuer, audience, purpose, release)
