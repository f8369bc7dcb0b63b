"""Rules of consent directives. A directive never changes, it is withdrawn."""

from mpex_server.directives import review
from mpex_server.domain.purposes import PROHIBITED
from mpex_server.errors import Fault, Problem
from mpex_server.http.context import Context
from mpex_server.kit import strict_json
from mpex_server.records.resource import Body, Resource
from mpex_server.storage.documents import Document

ACTIVE = "active"


def _prepare(_ctx: Context, body: Body, _current: Document | None) -> Body:
    """Refuse to record a permission that nobody can give; a denial of the same is welcome (PURP-002)."""
    places = [
        ("grants", number, "purposes", position)
        for number, grant in enumerate(body["grants"])
        if grant["effect"] == "permit"
        for position, purpose in enumerate(grant["purposes"])
        if purpose in PROHIBITED
    ]
    if places:
        faults = [Fault(strict_json.pointer(place), "is a prohibited purpose") for place in places]
        raise Problem("prohibitedPurpose", "No directive can permit a prohibited purpose.", faults=faults)
    return body


DIRECTIVES = Resource(
    kind="directive",
    id_member="directiveId",
    schema="consent-directive",
    type_of=lambda body: str(body["dataSubject"]),
    status_of=lambda _body: ACTIVE,
    prepare=_prepare,
    stored=review.plan,
    event="consentChange",
)
