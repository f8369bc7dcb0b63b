"""Hit references: sealed, of one length, and of use only to one requester in one case for one purpose."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead, base64url, strict_json

VALID = timedelta(days=30)
# One length for every record, set and search, so that a reference tells nothing by its size.
_PLAIN_BYTES = 224


class BadReferenceError(ValueError):
    """The reference was altered, has lapsed, or was given for another requester, case or purpose."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a reference is for: requester, its case, and the purpose."""

    requester: str
    case_reference: str
    purpose: str

    @property
    def context(self) -> bytes:
        """Return what the reference is bound to (SRCH-006)."""
        return strict_json.dumps(["hit", self.requester, self.case_reference, self.purpose])


@dataclass(frozen=True, slots=True)
class Hit:
    """What a reference stands for."""

    record: str
    returned_set: str
    search: str


def seal(keys: KeyProvider, bearer: Bearer, hit: Hit, now: datetime) -> str:
    """Return a fresh reference, valid for 30 days."""
    expires = int((now + VALID).timestamp())
    plain = strict_json.dumps([hit.record, hit.returned_set, hit.search, expires])
    return base64url.encode(aead.seal(_key(keys), plain.ljust(_PLAIN_BYTES), bearer.context))


def unseal(keys: KeyProvider, bearer: Bearer, reference: str, now: datetime) -> Hit:
    """Return the hit; raises BadReferenceError."""
    try:
        plain = aead.unseal(_key(keys), base64url.decode(reference), bearer.context)
    except ValueError as error:
        raise BadReferenceError("the reference does not open for this requester, case and purpose") from error
    record, returned_set, search, expires = strict_json.loads(plain)
    if expires <= now.timestamp():
        raise BadReferenceError("the reference has lapsed")
    return Hit(record, returned_set, search)


def _key(keys: KeyProvider) -> bytes:
    return aead.mac(keys.secret("cursor"), "hitReference")
