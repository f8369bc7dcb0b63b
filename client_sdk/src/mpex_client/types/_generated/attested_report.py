"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class AttestedReport(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    sha256: Annotated[
        str,
        Field(
            description="SHA-256 of the report, in hexadecimal digits.",
            pattern="^[0-9a-f]{64}$",
        ),
    ]
    node_id: Annotated[
        str,
        Field(
            alias="nodeId",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    environment: Annotated[
        Literal["production", "sandbox"],
        Field(description="Environment in which the node was tested."),
    ]
    conformance_class: Annotated[
        str,
        Field(
            alias="conformanceClass",
            description="Class that was shown.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ]
    spec_version: Annotated[
        str,
        Field(
            alias="specVersion",
            description="Version of the standard that was tested.",
            max_length=50,
            min_length=1,
        ),
    ]
    suite_version: Annotated[
        str,
        Field(
            alias="suiteVersion",
            description="Version of the suite.",
            max_length=50,
            min_length=1,
        ),
    ]
    finished_at: Annotated[
        str,
        Field(
            alias="finishedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
