"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field

from . import partner_search_result


class Results(View):
    member: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `member`: 130 random bits in lower-case base32.",
            pattern="^member:[a-z2-7]{26}$",
        ),
    ]
    search: partner_search_result.PartnerSearchResult
    reason: Annotated[
        str | None,
        Field(
            description="Why nobody was asked for this member.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None


class Results1(View):
    member: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `member`: 130 random bits in lower-case base32.",
            pattern="^member:[a-z2-7]{26}$",
        ),
    ]
    search: partner_search_result.PartnerSearchResult | None = None
    reason: Annotated[
        str,
        Field(
            description="Why nobody was asked for this member.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ]


class GroupSearchResult(View):
    group: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `group`: 130 random bits in lower-case base32.",
            pattern="^group:[a-z2-7]{26}$",
        ),
    ]
    results: Annotated[
        list[Results | Results1], Field(description="Results.", max_length=50)
    ]
