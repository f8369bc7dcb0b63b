"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class ErasureConfirmation(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    coercion_check: Annotated[common.CoercionCheck, Field(alias="coercionCheck")]
