"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from . import common, embargo_lift
from . import notification as notification_1

EvidenceItem = TypeAliasType(
    "EvidenceItem", Annotated[str, Field(max_length=300, min_length=1)]
)


class JointItem(View):
    proposal_id: Annotated[
        str,
        Field(
            alias="proposalId",
            description="Permanent opaque identifier of kind `jointProposal`: 130 random bits in lower-case base32.",
            pattern="^jointProposal:[a-z2-7]{26}$",
        ),
    ]
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["proposed", "concurred", "disagreed", "withdrawn"],
        Field(description="How far the proposal is."),
    ]


class Identification(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    identification_id: Annotated[
        str | None,
        Field(
            alias="identificationId",
            description="Permanent opaque identifier of kind `identification`: 130 random bits in lower-case base32.",
            pattern="^identification:[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(description="Version of the record, counted by the custodian.", ge=1),
    ] = None
    persons: Annotated[
        list[common.Person] | None,
        Field(description="Person records of this node.", max_length=20),
    ] = None
    remains: Annotated[
        list[common.Remains] | None,
        Field(description="Remains units of this node.", max_length=50),
    ] = None
    received_releases: Annotated[
        list[common.ReceivedRelease] | None,
        Field(
            alias="receivedReleases", description="Releases relied on.", max_length=20
        ),
    ] = None
    whole: Annotated[
        bool | None, Field(description="Whether the remains are whole.")
    ] = None
    methods: Annotated[
        list[Literal["dna", "fingerprints", "dental", "medicalImplant", "medical", "physical", "effects", "circumstantial", "visual", "other", "combined"]],
        Field(description="Methods.", max_length=10, min_length=1),
    ]
    evidence: Annotated[
        list[EvidenceItem], Field(description="Evidence.", max_length=50, min_length=1)
    ]
    competent_authority: Annotated[
        str,
        Field(
            alias="competentAuthority",
            description="Authority that decides.",
            max_length=200,
            min_length=1,
        ),
    ]
    state: Annotated[
        Literal["preliminary", "confirmed", "revoked"], Field(description="State.")
    ]
    conclusion: Annotated[
        Literal["deceased", "alive"], Field(description="Conclusion.")
    ]
    decided_at: Annotated[
        str,
        Field(
            alias="decidedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    embargoed: Annotated[
        bool | None,
        Field(
            description="True until the family has been told, or a named officer has lifted the embargo."
        ),
    ] = None
    notification: notification_1.Notification | None = None
    lift: embargo_lift.EmbargoLift | None = None
    joint: Annotated[
        list[JointItem] | None,
        Field(
            description="Proposals to and from partners on this identification, and what became of them.",
            max_length=100,
        ),
    ] = None
    created_at: Annotated[
        str | None,
        Field(
            alias="createdAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
