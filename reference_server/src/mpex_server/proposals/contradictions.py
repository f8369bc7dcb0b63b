"""What of a record says otherwise than a proposal, for staff who decide and correct (PROP-012)."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mpex_server.disclosures.decision import usable
from mpex_server.http.context import Context
from mpex_server.proposals import accepted
from mpex_server.received_releases import service as received_releases
from mpex_server.storage.documents import Document

Json = dict[str, Any]


def shown(ctx: Context, proposal: Document, received: Document | None) -> Json:
    """Return the member of a proposal that lists it, once the data were collected and while they may be used.

    Nothing of it is for another purpose than the data, nor of a category that the token is not for.
    """
    record = ctx.documents.get(proposal.body["record"])
    if received is None or record is None or not usable(record):
        return {}
    if ctx.principal.purpose != received.body["purpose"] or not received_releases.is_usable(ctx, received):
        return {}
    told = accepted.contributions(ctx.keys, received, received_releases.values_of(ctx, received))
    allowed = ctx.principal.categories
    found = _differing(record.body["contributions"], told)
    return {"contradicts": [each for each in found if allowed is None or each["category"] in allowed]}


def _differing(held: list[Json], told: list[Json]) -> Iterator[Json]:
    """Yield each account of others in a record that has the same members of a category with other values."""
    sections: dict[str, list[Json]] = defaultdict(list)
    for entry in told:
        for category, section in entry["sections"].items():
            sections[category].append(section)
    names = {entry["contributionId"] for entry in told}
    for entry in held:
        for category, section in entry["sections"].items() if entry["contributionId"] not in names else ():
            members = {name for other in sections[category] for name in _unlike(section, other)}
            if members:
                account = entry["contributionId"]
                yield {"contribution": account, "category": category, "members": sorted(members)}


def _unlike(section: Json, other: Json) -> set[str]:
    return {name for name in section.keys() & other.keys() if section[name] != other[name]}
