"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

WithheldReason = TypeAliasType(
    "WithheldReason", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


ProposalReason = TypeAliasType(
    "ProposalReason", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


class Item(View):
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    sent_categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(
            alias="sentCategories",
            description="Categories that the query would disclose; absent when nothing would be sent.",
            max_length=30,
        ),
    ] = None
    withheld_reasons: Annotated[
        list[WithheldReason] | None,
        Field(
            alias="withheldReasons",
            description="Reasons of this node's own decision.",
            max_length=10,
        ),
    ] = None
    proposal_reasons: Annotated[
        list[ProposalReason],
        Field(
            alias="proposalReasons",
            description="What speaks for asking the partner, and against it.",
            max_length=10,
        ),
    ]


class PartnerSearchPlan(View):
    items: Annotated[
        list[Item],
        Field(
            description="One for each partner, those that fit best first. Nobody is chosen by it.",
            max_length=100,
        ),
    ]
