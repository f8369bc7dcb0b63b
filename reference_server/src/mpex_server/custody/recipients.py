"""What a change of custody means for those who hold releases."""

from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.domain.recall import ACTIVE
from mpex_server.errors import UnknownSignerError
from mpex_server.events.taken import Taken
from mpex_server.events.tokens import early
from mpex_server.http.spec import schema_validator
from mpex_server.kit import jws
from mpex_server.peers import registry, signatures
from mpex_server.recalls import outbox
from mpex_server.received_releases import custodians
from mpex_server.received_releases import service as received_releases

_EVENT = "secevent+jwt"
_HELD = frozenset({ACTIVE, "marked", "restricted"})
Json = dict[str, Any]


def tell(work: Work, record: str, taken: Taken) -> None:
    """Tell every partner that holds a release of a record which node is the custodian now (CUST-004)."""
    held = {
        (entry.partner, entry.reference, entry.purpose)
        for entry in disclosed.of_records(work.conn, [record])
        if entry.kind == "release" and entry.state in _HELD and entry.partner != taken.partner
    }
    for partner, release, purpose in sorted(held):
        outbox.enqueue(
            work,
            partner=partner,
            event_type="custodianChanged",
            subject=release,
            purpose=purpose,
            event={"release": release, "custodian": taken.partner, "acceptance": taken.token},
        )


def take_change(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter the new custodian of what a partner released, when that node's own word shows it (CUST-028)."""
    custodian = taken.event["custodian"]
    entry = registry.known(work.conn, custodian)
    try:
        claims = signatures.verified(taken.event["acceptance"], entry.get("jwks", {"keys": []}), typ=_EVENT)
    except signatures.UnknownKeyError:
        await_key(work, taken)
        return
    except jws.JwsError:
        return
    accepted = _acceptance(claims)
    if (claims.get("iss"), claims.get("aud")) != (custodian, taken.partner) or accepted is None:
        return
    custodians.require(received_releases.held_under(work, taken.event["release"]), taken.partner)
    for document in received_releases.under(work, taken.event["release"], taken.partner):
        if names(accepted, document.body["record"]):
            custodians.note(work, document, custodian, since=accepted["version"], actor=taken.partner)


def await_key(work: Work, taken: Taken) -> None:
    """Refuse news by a key that is not known here, so that they come until it is, or the data end (CUST-009).

    The new custodian would call the data back in vain, and whoever had told of it would tell it no more.
    """
    if received_releases.held_under(work, taken.event["release"]):
        refusal = early("The custodian is not known here by the key that signed the acceptance.")
        raise UnknownSignerError(refusal, taken.event["custodian"])


def names(accepted: Json, record: str) -> bool:
    """Tell whether an acceptance is of this record (CUST-028)."""
    return bool(accepted["record"] == record)


def _acceptance(claims: Json) -> Json | None:
    """Return what an event that somebody else passed on says of taking over; None for any other event."""
    if not schema_validator("event-claims").is_valid(claims):
        return None
    accepted: Json = claims["events"].get("urn:mpex:event:custodyState", {})
    return accepted if accepted.get("state") == "taken" else None
