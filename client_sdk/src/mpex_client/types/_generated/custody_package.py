"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from . import consent_directive

ProvenanceItem = TypeAliasType(
    "ProvenanceItem",
    Annotated[str, Field(pattern="^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$")],
)


class CustodyPackage(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    statement: Annotated[
        str,
        Field(
            description="JWS of the type mpex-custody-package+jwt by the custodian, over the digest of salt, record and directives.",
            pattern="^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$",
        ),
    ]
    salt: Annotated[
        str,
        Field(
            description="Salt of the digest, base64url.",
            pattern="^[A-Za-z0-9_-]{22,64}$",
        ),
    ]
    record: Annotated[
        dict[str, Any],
        Field(
            description="The record, as far as its directives let the new custodian have it (person-record or remains-unit)."
        ),
    ]
    directives: Annotated[
        list[consent_directive.ConsentDirective],
        Field(
            description="Directives that the record names, and behind those that are frozen, their successors.",
            max_length=100,
        ),
    ]
    provenance: Annotated[
        list[ProvenanceItem] | None,
        Field(
            description="Statements by which the record came to this custodian from those before, oldest first.",
            max_length=20,
        ),
    ] = None
