"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field


class Error(View):
    pointer: Annotated[
        str,
        Field(
            description="JSON Pointer, header or parameter name.",
            max_length=500,
            min_length=0,
        ),
    ]
    detail: Annotated[
        str,
        Field(
            description="What is wrong there; never the value.",
            max_length=500,
            min_length=1,
        ),
    ]


class Problem(View):
    type: Annotated[
        str,
        Field(
            description="Problem type; its last part is a code of the list `problemTypes`.",
            pattern="^urn:mpex:problem:[a-z][A-Za-z0-9]+$",
        ),
    ]
    title: Annotated[
        str, Field(description="Short title of the type.", max_length=200, min_length=1)
    ]
    status: Annotated[int, Field(description="HTTP status.", ge=400, le=599)]
    detail: Annotated[
        str | None, Field(description="What happened.", max_length=1000, min_length=1)
    ] = None
    instance: Annotated[
        str | None,
        Field(description="Identifier of the request.", max_length=200, min_length=1),
    ] = None
    remedy: Annotated[
        str, Field(description="What to do about it.", max_length=1000, min_length=1)
    ]
    errors: Annotated[
        list[Error] | None,
        Field(description="Where the input is wrong.", max_length=100),
    ] = None
