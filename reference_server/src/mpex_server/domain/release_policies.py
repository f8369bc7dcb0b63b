"""Published policies: what may be released without a person's decision (REL-011)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """What goes to whom for what; `code` names the policy in decisions and in the log."""

    code: str
    categories: frozenset[str]
    recipient_classes: frozenset[str]
    purposes: frozenset[str]

    def covers(self, recipient_class: str, purpose: str, categories: frozenset[str]) -> bool:
        """Tell whether the policy releases all of the categories to such a recipient for the purpose."""
        return (
            categories <= self.categories
            and recipient_class in self.recipient_classes
            and purpose in self.purposes
        )


def first_covering(
    policies: Iterable[Policy], recipient_class: str, purpose: str, categories: frozenset[str]
) -> Policy | None:
    """Return the first policy that covers a request, or None: a person decides."""
    return next((each for each in policies if each.covers(recipient_class, purpose, categories)), None)
