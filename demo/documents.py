"""Wire documents that the stories share: evidently fictional people, and directives in plain words."""

from typing import Any

Document = dict[str, Any]
GIVEN = "2026-11-02T09:30:00Z"
EXPIRES = "2036-01-01T00:00:00Z"
HUMANITARIAN = ("humanitarian",)


def permit(purposes: list[str], sets: list[str], classes: tuple[str, ...], **members: Any) -> Document:
    """A grant: these purposes, these release sets, to recipients of these classes."""
    return {
        "effect": "permit",
        "purposes": purposes,
        "releaseSets": sets,
        "recipientClasses": list(classes),
        "onward": "none",
        "expires": EXPIRES,
        **members,
    }


def directive(given_by: Document, subject: str, *grants: Document, **members: Any) -> Document:
    """What somebody laid down, orally, at a service point."""
    institution = given_by["authority"] == "institution"
    return {
        "legalBasis": "publicInterest" if institution else "consent",
        "dataSubject": subject,
        "givenBy": given_by,
        "givenAt": GIVEN,
        "method": "institutional" if institution else "oral",
        "language": "en",
        "grants": list(grants),
        **members,
    }


def contribution(contributor: str, directive_id: str, source: str, sections: Document) -> Document:
    """What one contributor told, under one directive."""
    return {
        "contributor": contributor,
        "directive": directive_id,
        "assertedAt": GIVEN,
        "source": source,
        "certainty": "stated",
        "sections": sections,
    }


def person(kind: str, office: str, country: str, *contributions: Document, **members: Any) -> Document:
    """A record of a person that an office keeps."""
    return {
        "type": kind,
        "status": "open",
        "legalBasis": "consent",
        "controller": office,
        "governingLaw": country,
        "contactOffice": {"organisation": office},
        "synthetic": True,
        "contributions": list(contributions),
        **members,
    }


def name(text: str, script: str = "Latn") -> Document:
    """One name as it was given."""
    return {"names": [{"text": text, "script": script, "type": "legal"}]}


def search_request(record: str, directive_id: str, relationship: str, **members: Any) -> Document:
    """What a relative asked for at a service point."""
    return {
        "person": record,
        "status": "open",
        "enquirer": {"role": "family", "relationship": relationship},
        "collectionPoint": {"type": "fixed", "name": "Example Service Point", "country": "XA"},
        "language": "en",
        "directives": [directive_id],
        **members,
    }


def partner_search(record: str, purpose: str, case: str, release_set: str, *partners: str) -> Document:
    """A question to partners about a record."""
    return {
        "person": record,
        "purpose": purpose,
        "legalBasis": "consent",
        "caseReference": case,
        "releaseSet": release_set,
        "partners": list(partners),
    }
