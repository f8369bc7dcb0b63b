"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class ErasureRevocation(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    identity_proof: Annotated[common.IdentityProof, Field(alias="identityProof")]
