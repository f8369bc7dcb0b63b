"""Judges a mark before the node shows it: what it says by itself, and what the chosen anchors tell of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mpex_server.federation import directory, mandate, marks, reports
from mpex_server.federation.asking import Inquiry
from mpex_server.federation.chains import Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.federation.marks import Mark
from mpex_server.settings import Settings


def read(text: str, settings: Settings, now: datetime) -> Mark:
    """Return a mark that is the node's own, in form and by its term; raises TrustError."""
    entity = settings.public_url
    mark = marks.read(text, entity, now=now)
    if mark.kind not in mandate.KINDS:
        raise TrustError("malformed", entity, f"its trust_mark_type is none of {', '.join(mandate.KINDS)}")
    if mark.kind == mandate.TRACING:
        mandate.check_mandate(mark.claims.get("mandate"), entity)
        if mark.claims["mandate"]["nodeId"] != settings.node_id:
            raise TrustError("wrongSubject", entity, "its mandate is for another node")
    if mark.kind == mandate.CONFORMANCE:
        reports.check(mark.claims.get("report"), entity, settings.node_id)
    return mark


def unverified(
    text: str, mark: Mark, anchors: Mapping[str, dict[str, Any]], inquiry: Inquiry
) -> TrustError | None:
    """Return why no chosen anchor leads to whoever gave a mark, None when one does and the mark stands.

    Raises TrustError when the issuer has not signed it, or has taken it back.
    """
    fault = TrustError("noAnchor", mark.issuer, "no anchor is chosen")
    for entity, jwks in anchors.items():
        inquiry.allow(1)
        resolver = Resolver({entity: jwks}, inquiry.fetch, inquiry.now)
        directory.read(resolver, inquiry.fetch)
        try:
            issuer = marks.accredited(mark.issuer, resolver.resolve(entity), mark.kind, resolver)
        except TrustError as error:
            fault = error
            continue
        try:
            marks.check_given(text, issuer, inquiry.ask, inquiry.now)
        except TrustError as error:
            if not error.is_silence:
                raise
            fault = error
        else:
            return None
    return fault
