"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class SubId(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    format: Annotated[Literal["opaque"], Field(description="RFC 9493 format.")]
    id: Annotated[
        str,
        Field(
            description="Identifier of any kind.",
            pattern="^[a-z][A-Za-z]{1,30}:[a-z2-7]{26}$",
        ),
    ]


class UrnMpexEventRecall(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    recall_id: Annotated[
        str,
        Field(
            alias="recallId",
            description="Permanent opaque identifier of kind `recall`: 130 random bits in lower-case base32.",
            pattern="^recall:[a-z2-7]{26}$",
        ),
    ]
    cause: Annotated[
        Literal["withdrawn", "corrected", "disputed", "restricted"],
        Field(description="Cause as partners see it."),
    ]
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]],
        Field(description="Purposes; empty means all.", max_length=20),
    ]
    due_at: Annotated[
        str,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    version: Annotated[
        int | None,
        Field(
            description="With `corrected`: version of the record that takes the place of what was released.",
            ge=1,
        ),
    ] = None
    parts: Annotated[
        list[common.ReleasedPart] | None,
        Field(
            description="With `withdrawn`: the parts of the release that must go while the rest stays; absent for the whole.",
            max_length=200,
            min_length=1,
        ),
    ] = None


class UrnMpexEventReceipt(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    recall_id: Annotated[
        str,
        Field(
            alias="recallId",
            description="Permanent opaque identifier of kind `recall`: 130 random bits in lower-case base32.",
            pattern="^recall:[a-z2-7]{26}$",
        ),
    ]
    outcome: Annotated[
        Literal["erased", "restricted", "retainedByLaw", "marked"],
        Field(description="Effect."),
    ]
    erased_at: Annotated[
        str | None,
        Field(
            alias="erasedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    backups_expire_at: Annotated[
        str | None,
        Field(
            alias="backupsExpireAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    reason: Annotated[
        str | None,
        Field(description="Reason of retention.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None
    review_date: Annotated[
        str | None,
        Field(
            alias="reviewDate",
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    leaf_hash: Annotated[
        str,
        Field(
            alias="leafHash",
            description="Hash of the recipient's log leaf.",
            pattern="^[A-Za-z0-9_-]{43}$",
        ),
    ]
    parts: Annotated[
        list[common.ReleasedPart] | None,
        Field(
            description="The parts of the release that were erased while the rest stays; absent for the whole.",
            max_length=200,
            min_length=1,
        ),
    ] = None


class UrnMpexEventNews(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    search_id: Annotated[
        str,
        Field(
            alias="searchId",
            description="Permanent opaque identifier of kind `search`: 130 random bits in lower-case base32.",
            pattern="^search:[a-z2-7]{26}$",
        ),
    ]
    choice: Annotated[
        Literal["contact", "messageOnly", "aliveOnly", "nothing"],
        Field(description="What may be told."),
    ]
    message: Annotated[
        str | None, Field(description="Message.", max_length=2000, min_length=1)
    ] = None
    retracted: Annotated[
        Literal[True] | None,
        Field(description="What was told before may not be told any more."),
    ] = None


class UrnMpexEventNews1(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    search_id: Annotated[
        str,
        Field(
            alias="searchId",
            description="Permanent opaque identifier of kind `search`: 130 random bits in lower-case base32.",
            pattern="^search:[a-z2-7]{26}$",
        ),
    ]
    choice: Annotated[
        Literal["contact", "messageOnly", "aliveOnly", "nothing"] | None,
        Field(description="What may be told."),
    ] = None
    message: Annotated[
        str | None, Field(description="Message.", max_length=2000, min_length=1)
    ] = None
    retracted: Annotated[
        Literal[True],
        Field(description="What was told before may not be told any more."),
    ]


class UrnMpexEventAssistanceRequest(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    assistance_id: Annotated[
        str,
        Field(
            alias="assistanceId",
            description="Permanent opaque identifier of kind `assistance`: 130 random bits in lower-case base32.",
            pattern="^assistance:[a-z2-7]{26}$",
        ),
    ]
    type: Annotated[str, Field(description="Type.", pattern="^[a-z][A-Za-z0-9]{0,63}$")]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]
    text: Annotated[
        str,
        Field(description="What is asked, in words.", max_length=4000, min_length=1),
    ]
    language: Annotated[
        str,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ]
    due_at: Annotated[
        str | None,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None


class UrnMpexEventAssistanceAnswer(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    assistance_id: Annotated[
        str,
        Field(
            alias="assistanceId",
            description="Permanent opaque identifier of kind `assistance`: 130 random bits in lower-case base32.",
            pattern="^assistance:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["sent", "accepted", "declined", "completed"],
        Field(description="State."),
    ]
    reason: Annotated[
        str | None,
        Field(description="Why it is declined.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None
    text: Annotated[
        str | None,
        Field(description="Result or remark.", max_length=4000, min_length=1),
    ] = None
    language: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None
    due_at: Annotated[
        str | None,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None


class Translation(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    language: Annotated[
        str,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ]
    text: Annotated[
        str, Field(description="The translated message.", max_length=8000, min_length=1)
    ]
    by: Annotated[
        Literal["person", "machine"], Field(description="Who or what translated.")
    ]
    translator: Annotated[
        str | None,
        Field(
            description="Name of the program, or reference of the person.",
            max_length=120,
            min_length=1,
        ),
    ] = None


class UrnMpexEventCaseMessage(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    message_id: Annotated[
        str,
        Field(
            alias="messageId",
            description="Permanent opaque identifier of kind `message`: 130 random bits in lower-case base32.",
            pattern="^message:[a-z2-7]{26}$",
        ),
    ]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    language: Annotated[
        str,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ]
    text: Annotated[
        str,
        Field(
            description="The message in its own language.",
            max_length=8000,
            min_length=1,
        ),
    ]
    translations: Annotated[
        list[Translation] | None,
        Field(description="Translations; none replaces the original.", max_length=10),
    ] = None
    in_reply_to: Annotated[
        str | None,
        Field(
            alias="inReplyTo",
            description="Permanent opaque identifier of kind `message`: 130 random bits in lower-case base32.",
            pattern="^message:[a-z2-7]{26}$",
        ),
    ] = None


class UrnMpexEventMessageRecall(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    message_id: Annotated[
        str,
        Field(
            alias="messageId",
            description="Permanent opaque identifier of kind `message`: 130 random bits in lower-case base32.",
            pattern="^message:[a-z2-7]{26}$",
        ),
    ]


class UrnMpexEventOnwardAsked(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    onward_id: Annotated[
        str,
        Field(
            alias="onwardId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    recipient: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(description="Categories.", max_length=30, min_length=1),
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]


class UrnMpexEventOnwardDecided(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    onward_id: Annotated[
        str,
        Field(
            alias="onwardId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    decision: Annotated[Literal["approve", "refuse"], Field(description="Decision.")]


class UrnMpexEventOnwardReported(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    onward_id: Annotated[
        str,
        Field(
            alias="onwardId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    recipient: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    reference: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(description="Categories.", max_length=30, min_length=1),
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]


class UrnMpexEventReleaseOffered(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    release_request_id: Annotated[
        str,
        Field(
            alias="releaseRequestId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(description="Categories.", max_length=30, min_length=1),
    ]


class Item(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    search_id: Annotated[
        str,
        Field(
            alias="searchId",
            description="Permanent opaque identifier of kind `search`: 130 random bits in lower-case base32.",
            pattern="^search:[a-z2-7]{26}$",
        ),
    ]
    news: Annotated[
        Literal["some", "none"], Field(description="Whether it fits something new.")
    ]


class UrnMpexEventStandingNews(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    items: Annotated[
        list[Item],
        Field(
            description="One for each standing query.", max_length=1000, min_length=1
        ),
    ]


class UrnMpexEventCustodyOffer(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    transfer_id: Annotated[
        str,
        Field(
            alias="transferId",
            description="Permanent opaque identifier of kind `transfer`: 130 random bits in lower-case base32.",
            pattern="^transfer:[a-z2-7]{26}$",
        ),
    ]
    record: Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]


class Recipient(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    release: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(description="Categories.", max_length=30),
    ]
    directives: Annotated[
        list[common.Directive],
        Field(description="Directives on which the release rests.", max_length=100),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    state: Annotated[
        Literal["active", "recalled", "erased", "restricted", "retainedByLaw", "marked", "transferred"],
        Field(description="What became of it."),
    ]


class UrnMpexEventCustodyState(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    transfer_id: Annotated[
        str,
        Field(
            alias="transferId",
            description="Permanent opaque identifier of kind `transfer`: 130 random bits in lower-case base32.",
            pattern="^transfer:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["proposed", "offered", "declined", "taken", "completed", "refused", "cancelled"],
        Field(description="State."),
    ]
    digest: Annotated[
        str | None,
        Field(description="Digest of what was taken.", pattern="^[A-Za-z0-9_-]{43}$"),
    ] = None
    record: Annotated[
        str | None,
        Field(
            description="With the state `taken`: the record that was taken over.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(
            description="With the state `taken`: the version from which on the new custodian keeps the record.",
            ge=1,
        ),
    ] = None
    statement: Annotated[
        str | None,
        Field(
            description="With the state `completed`: JWS of the type mpex-custody+jwt, by which the old custodian gave the record up.",
            max_length=8000,
            pattern="^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$",
        ),
    ] = None
    withheld_accepted: Annotated[
        bool | None,
        Field(
            alias="withheldAccepted",
            description="With the state `taken`: what was withheld is accepted as lost.",
        ),
    ] = None
    recipients: Annotated[
        list[Recipient] | None,
        Field(
            description="Who holds releases of the record, for the new custodian to call back; with the state `completed`, of which more may follow with more recipients.",
            max_length=500,
        ),
    ] = None


class UrnMpexEventCustodianChanged(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    release: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ]
    custodian: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    acceptance: Annotated[
        str,
        Field(
            description="The event by which the new custodian took the record, signed by it.",
            max_length=8000,
            pattern="^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$",
        ),
    ]


class UrnMpexEventDirectiveWithdrawn(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    directive: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ]
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]],
        Field(description="Purposes; empty means all.", max_length=20),
    ]


class UrnMpexEventDirectiveFrozen(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    directive: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]


class UrnMpexEventBreach(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Annotated[
        Literal["breach", "compelledDisclosure"], Field(description="What happened.")
    ]
    learnt_at: Annotated[
        str,
        Field(
            alias="learntAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]


class UrnMpexEventIdentificationProposed(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    proposal_id: Annotated[
        str,
        Field(
            alias="proposalId",
            description="Permanent opaque identifier of kind `jointProposal`: 130 random bits in lower-case base32.",
            pattern="^jointProposal:[a-z2-7]{26}$",
        ),
    ]
    release: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ]
    identification_state: Annotated[
        Literal["preliminary", "confirmed", "revoked"],
        Field(alias="identificationState", description="State of the identification."),
    ]
    conclusion: Annotated[
        Literal["deceased", "alive"], Field(description="Conclusion.")
    ]
    methods: Annotated[
        list[Literal["dna", "fingerprints", "dental", "medicalImplant", "medical", "physical", "effects", "circumstantial", "visual", "other", "combined"]],
        Field(description="Methods.", max_length=10, min_length=1),
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
    decided_at: Annotated[
        str,
        Field(
            alias="decidedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    notified_at: Annotated[
        str | None,
        Field(
            alias="notifiedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None


class UrnMpexEventIdentificationAnswered(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    proposal_id: Annotated[
        str,
        Field(
            alias="proposalId",
            description="Permanent opaque identifier of kind `jointProposal`: 130 random bits in lower-case base32.",
            pattern="^jointProposal:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["proposed", "concurred", "disagreed", "withdrawn"],
        Field(description="How far the proposal is."),
    ]
    reason: Annotated[
        str | None,
        Field(
            description="Why the other side disagrees.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    notified_at: Annotated[
        str | None,
        Field(
            alias="notifiedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None


class UrnMpexEventIdentificationChanged(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    proposal_id: Annotated[
        str,
        Field(
            alias="proposalId",
            description="Permanent opaque identifier of kind `jointProposal`: 130 random bits in lower-case base32.",
            pattern="^jointProposal:[a-z2-7]{26}$",
        ),
    ]
    change: Annotated[
        Literal["revoked", "notified"], Field(description="What happened.")
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]


class UrnMpexEventDisputeEnded(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]


class UrnMpexEventChangeProposed(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    change_proposal_id: Annotated[
        str,
        Field(
            alias="changeProposalId",
            description="Permanent opaque identifier of kind `changeProposal`: 130 random bits in lower-case base32.",
            pattern="^changeProposal:[a-z2-7]{26}$",
        ),
    ]
    release: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ]
    kind: Annotated[
        Literal["addition", "correction"], Field(description="What is proposed.")
    ]
    contribution: Annotated[
        str | None,
        Field(
            description="Contribution of the release that is contradicted.",
            pattern="^contribution:[a-z2-7]{26}$",
        ),
    ] = None
    release_request_id: Annotated[
        str,
        Field(
            alias="releaseRequestId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(
            description="Categories of the own record that are proposed.",
            max_length=30,
            min_length=1,
        ),
    ]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]


class UrnMpexEventChangeAnswered(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    change_proposal_id: Annotated[
        str,
        Field(
            alias="changeProposalId",
            description="Permanent opaque identifier of kind `changeProposal`: 130 random bits in lower-case base32.",
            pattern="^changeProposal:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["proposed", "accepted", "declined"],
        Field(description="How far the proposal is."),
    ]


class Events(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    urn_mpex_event_recall: Annotated[
        UrnMpexEventRecall | None,
        Field(alias="urn:mpex:event:recall", description="A recall."),
    ] = None
    urn_mpex_event_receipt: Annotated[
        UrnMpexEventReceipt | None,
        Field(alias="urn:mpex:event:receipt", description="Receipt for a recall."),
    ] = None
    urn_mpex_event_news: Annotated[
        UrnMpexEventNews | UrnMpexEventNews1 | None,
        Field(
            alias="urn:mpex:event:news",
            description="News by the choice of a located person.",
        ),
    ] = None
    urn_mpex_event_assistance_request: Annotated[
        UrnMpexEventAssistanceRequest | None,
        Field(
            alias="urn:mpex:event:assistanceRequest",
            description="A request for assistance.",
        ),
    ] = None
    urn_mpex_event_assistance_answer: Annotated[
        UrnMpexEventAssistanceAnswer | None,
        Field(
            alias="urn:mpex:event:assistanceAnswer",
            description="What the node that was asked answers.",
        ),
    ] = None
    urn_mpex_event_case_message: Annotated[
        UrnMpexEventCaseMessage | None,
        Field(alias="urn:mpex:event:caseMessage", description="A message on a case."),
    ] = None
    urn_mpex_event_message_recall: Annotated[
        UrnMpexEventMessageRecall | None,
        Field(
            alias="urn:mpex:event:messageRecall",
            description="A message is called back.",
        ),
    ] = None
    urn_mpex_event_onward_asked: Annotated[
        UrnMpexEventOnwardAsked | None,
        Field(
            alias="urn:mpex:event:onwardAsked",
            description="A recipient asks the origin whether it may pass data on.",
        ),
    ] = None
    urn_mpex_event_onward_decided: Annotated[
        UrnMpexEventOnwardDecided | None,
        Field(
            alias="urn:mpex:event:onwardDecided",
            description="The origin answers a recipient that asked.",
        ),
    ] = None
    urn_mpex_event_onward_reported: Annotated[
        UrnMpexEventOnwardReported | None,
        Field(
            alias="urn:mpex:event:onwardReported",
            description="A recipient names to the origin a node to which it passed data on.",
        ),
    ] = None
    urn_mpex_event_release_offered: Annotated[
        UrnMpexEventReleaseOffered | None,
        Field(
            alias="urn:mpex:event:releaseOffered",
            description="A partner may be given data that another node released; it collects them like any release.",
        ),
    ] = None
    urn_mpex_event_standing_news: Annotated[
        UrnMpexEventStandingNews | None,
        Field(
            alias="urn:mpex:event:standingNews",
            description="News of all standing queries of the recipient, once a day, whether there are any or not.",
        ),
    ] = None
    urn_mpex_event_custody_offer: Annotated[
        UrnMpexEventCustodyOffer | None,
        Field(
            alias="urn:mpex:event:custodyOffer",
            description="The custody of a record is offered.",
        ),
    ] = None
    urn_mpex_event_custody_state: Annotated[
        UrnMpexEventCustodyState | None,
        Field(
            alias="urn:mpex:event:custodyState",
            description="A custody transfer has gone on.",
        ),
    ] = None
    urn_mpex_event_custodian_changed: Annotated[
        UrnMpexEventCustodianChanged | None,
        Field(
            alias="urn:mpex:event:custodianChanged",
            description="Another node is the custodian now; the subject is the release.",
        ),
    ] = None
    urn_mpex_event_directive_withdrawn: Annotated[
        UrnMpexEventDirectiveWithdrawn | None,
        Field(
            alias="urn:mpex:event:directiveWithdrawn",
            description="A directive that moved with a record is withdrawn; the subject is the directive.",
        ),
    ] = None
    urn_mpex_event_directive_frozen: Annotated[
        UrnMpexEventDirectiveFrozen | None,
        Field(
            alias="urn:mpex:event:directiveFrozen",
            description="Whoever gave a directive that moved with a record has died; the subject is the directive.",
        ),
    ] = None
    urn_mpex_event_breach: Annotated[
        UrnMpexEventBreach | None,
        Field(
            alias="urn:mpex:event:breach",
            description="A recipient reports what befell data of the origin.",
        ),
    ] = None
    urn_mpex_event_identification_proposed: Annotated[
        UrnMpexEventIdentificationProposed | None,
        Field(
            alias="urn:mpex:event:identificationProposed",
            description="A node asks the node that released to concur with an identification.",
        ),
    ] = None
    urn_mpex_event_identification_answered: Annotated[
        UrnMpexEventIdentificationAnswered | None,
        Field(
            alias="urn:mpex:event:identificationAnswered",
            description="The node that was asked concurs or disagrees.",
        ),
    ] = None
    urn_mpex_event_identification_changed: Annotated[
        UrnMpexEventIdentificationChanged | None,
        Field(
            alias="urn:mpex:event:identificationChanged",
            description="One side of a joint identification revoked its decision, or told the family.",
        ),
    ] = None
    urn_mpex_event_dispute_ended: Annotated[
        UrnMpexEventDisputeEnded | None,
        Field(
            alias="urn:mpex:event:disputeEnded",
            description="What was released is contested no more.",
        ),
    ] = None
    urn_mpex_event_change_proposed: Annotated[
        UrnMpexEventChangeProposed | None,
        Field(
            alias="urn:mpex:event:changeProposed",
            description="A recipient of a release proposes a change of the record; the data are collected.",
        ),
    ] = None
    urn_mpex_event_change_answered: Annotated[
        UrnMpexEventChangeAnswered | None,
        Field(
            alias="urn:mpex:event:changeAnswered",
            description="The custodian decided on a proposal.",
        ),
    ] = None


class EventClaims(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    iss: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    aud: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    jti: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `event`: 130 random bits in lower-case base32.",
            pattern="^event:[a-z2-7]{26}$",
        ),
    ]
    iat: Annotated[int, Field(description="Seconds since 1970.")]
    sub_id: Annotated[
        SubId,
        Field(
            description="Subject: the thing the event is about, as both sides know it."
        ),
    ]
    sequence: Annotated[
        int, Field(description="Sequence per subject and recipient.", ge=1)
    ]
    events: Annotated[Events, Field(description="The event.")]
