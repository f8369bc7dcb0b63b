"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field

from . import change_proposal


class ChangeProposalPage(View):
    items: Annotated[
        list[change_proposal.ChangeProposal],
        Field(description="Items.", max_length=100),
    ]
    next_cursor: Annotated[
        str | None,
        Field(
            alias="nextCursor",
            description="Opaque cursor; valid only for the client that received it.",
            max_length=1024,
            min_length=1,
            pattern="^[A-Za-z0-9_-]+$",
        ),
    ] = None
