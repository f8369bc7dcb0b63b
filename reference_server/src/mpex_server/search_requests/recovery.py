"""Recovery codes of enquirers: kept as keyed digests only, spent and replaced when they are used."""

from secrets import token_bytes

from mpex_server.disclosures.work import Work
from mpex_server.domain import recovery_codes
from mpex_server.errors import Fault, Problem
from mpex_server.search_requests import repository
from mpex_server.storage import links
from mpex_server.storage.documents import Document

_SYSTEM = "recovery"
_WRONG_CODES = 10


def issue(work: Work, request: Document) -> str:
    """Make a code for a search request and end the one before; it is not kept and cannot be shown again."""
    code = recovery_codes.make(token_bytes(recovery_codes.RANDOM_BYTES))
    links.unbind_sources(work.conn, _SYSTEM, request.id)
    links.bind_sources(work.conn, work.keys, {(_SYSTEM, code): request.id})
    return code


def find(work: Work, text: str, *, client_id: str) -> str | None:
    """Return the search request of a code, None (and counted) for a wrong one; raises Problem.

    What contradicts its checksum is a slip of the pen: it is told so, and is not counted.
    """
    code = recovery_codes.parse(text)
    if code is None:
        raise Problem("ruleViolation", faults=[Fault("/code", "contradicts its checksum; read it again")])
    if repository.wrong_codes(work.conn, client_id, work.now()) >= _WRONG_CODES:
        wait = int(repository.WINDOW.total_seconds())
        raise Problem("quotaExceeded", headers={"Retry-After": str(wait)})
    found = links.known_sources(work.conn, work.keys, [(_SYSTEM, code)])
    if not found:
        repository.add_wrong_code(work.conn, client_id, work.now())
    return next(iter(found.values()), None)
