"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any

from mpex_client.types._view import View
from pydantic import Field


class OpenapiDocument(View):
    openapi: Annotated[str, Field(description="Version of OpenAPI.")]
    paths: Annotated[dict[str, Any], Field(description="Operations by path.")]
