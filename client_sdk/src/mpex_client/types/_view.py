"""What every typed view has in common: it reads what the schema allows, and shows no value by accident."""

from collections.abc import Iterator
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

__all__ = ["View"]


class View(BaseModel):
    """A typed view of a document that the JSON Schema has judged (absent is `None`; null is refused).

    Unknown members survive in `model_extra`. `to_wire()` gives back exactly the members that were set.
    """

    model_config = ConfigDict(
        extra="allow",
        strict=True,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
        regex_engine="rust-regex",
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_null(cls, data: Any) -> Any:
        if isinstance(data, dict):
            known = {name for key, field in cls.model_fields.items() for name in (key, field.alias)}
            if any(value is None and name in known for name, value in data.items()):
                raise ValueError("a member is null; leave out what is not known")
        return data

    @classmethod
    def from_wire(cls, document: Any) -> Self:
        """Read a decoded JSON document; raises pydantic's ValidationError, which names no values."""
        return cls.model_validate(document)

    def to_wire(self) -> dict[str, Any]:
        """Return the document as JSON values, with the members that were set and no others."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Show no values: a representation ends up in logs and tracebacks."""
        yield from ()
