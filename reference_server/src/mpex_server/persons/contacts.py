"""Contacts with the person of a record, cleared before they are made (ENQ-007)."""

from mpex_server.domain.safe_contact import Rules
from mpex_server.storage.documents import Document


def rules(record: Document) -> list[Rules]:
    """Return how the person can be reached without harm, as each account says it."""
    accounts = (entry["sections"] for entry in record.body["contributions"])
    return [sections["contact"] for sections in accounts if "contact" in sections]
