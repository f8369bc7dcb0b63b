"""What the contract says of an operation; the table is generated from spec/openapi.yaml."""

from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["Operation"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: where it is, the action a token needs for it (None: no token), and what it requires.

    `mints` are member and kind of the identifier that a client may give what it creates.
    """

    method: str
    path: str
    action: str | None
    keyed: bool = False
    mints: tuple[str, str] | None = None

    @property
    def repeatable(self) -> bool:
        """Whether a request may safely arrive twice (RFC 9110 §9.2.2, or by its idempotency key)."""
        return self.keyed or self.method in {"GET", "PUT"}

    def address(self, parameters: dict[str, str]) -> str:
        """Return the path with its parameters put in, percent-encoded."""
        return self.path.format_map({name: quote(value, safe=":") for name, value in parameters.items()})
