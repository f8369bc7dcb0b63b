"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field

from . import release_request_status


class PartnerReleaseRequestStatus(View):
    partner_release_request_id: Annotated[
        str,
        Field(
            alias="partnerReleaseRequestId",
            description="Permanent opaque identifier of kind `partnerReleaseRequest`: 130 random bits in lower-case base32.",
            pattern="^partnerReleaseRequest:[a-z2-7]{26}$",
        ),
    ]
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    partner_search: Annotated[
        str | None,
        Field(
            alias="partnerSearch",
            description="Permanent opaque identifier of kind `partnerSearch`: 130 random bits in lower-case base32.",
            pattern="^partnerSearch:[a-z2-7]{26}$",
        ),
    ] = None
    status: release_request_status.ReleaseRequestStatus
    received_release: Annotated[
        str | None,
        Field(
            alias="receivedRelease",
            description="Permanent opaque identifier of kind `receivedRelease`: 130 random bits in lower-case base32.",
            pattern="^receivedRelease:[a-z2-7]{26}$",
        ),
    ] = None
