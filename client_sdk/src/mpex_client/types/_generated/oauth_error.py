"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class OauthError(View):
    error: Annotated[str, Field(description="Error code.", max_length=60, min_length=1)]
    error_description: Annotated[
        str | None,
        Field(
            description="What happened and what to do.", max_length=500, min_length=1
        ),
    ] = None
    trust_fault: Annotated[
        Literal["unreachable", "notFound", "notEnrolled", "malformed", "wrongType", "wrongIssuer", "wrongSubject", "notYetValid", "expired", "livesTooLong", "badSignature", "unvouchedKey", "unknownCritical", "policyRefused", "constraintBroken", "tooDeep", "noAnchor", "markMissing", "markNotAccredited", "markNotActive", "mandateProhibited", "markSameIssuer", "logForked", "notLogged"] | None,
        Field(description="Why the node does not trust the partner that asks."),
    ] = None
