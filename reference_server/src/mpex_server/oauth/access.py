"""Who may do what: actions by role of the node's own clients, and the few actions open to partners.

The actions are those of the OpenAPI document; a test compares both. A partner can list and read no record
(AUTH-014).
"""

from functools import lru_cache

PROHIBITED_PURPOSES = frozenset({"immigrationEnforcement", "borderControl", "returnProcedure", "commercial"})

PARTNER_ACTIONS = frozenset(
    {
        "searches:create",
        "custody:collect",
        "releaseRequests:create",
        "releaseRequests:read",
        "releases:collect",
        "events:receive",
        "log:read",
    }
)

FORMER_PARTNER_ACTIONS = frozenset({"events:receive"})
"""What stays open to a suspended partner, so that recalls come to their end: events (RECL-002)."""

ROLE_ACTIONS: dict[str, frozenset[str]] = {
    "registrar": frozenset(
        {
            "erasures:read",
            "erasures:write",
            "identityErrors:create",
            "identityErrors:read",
            "persons:read",
            "persons:write",
            "persons:choose",
            "remains:read",
            "remains:write",
            "samples:read",
            "samples:write",
            "requests:read",
            "requests:write",
            "requests:recover",
            "requests:contact",
            "groups:read",
            "groups:write",
            "directives:read",
            "directives:review",
            "directives:write",
            "incidents:read",
            "incidents:write",
            "accessReports:read",
            "searches:create",
            "recalls:read",
            "tasks:read",
            "tasks:write",
        }
    ),
    "caseWorker": frozenset(
        {
            "proposals:read",
            "proposals:answer",
            "erasures:read",
            "erasures:write",
            "identityErrors:create",
            "identityErrors:read",
            "assistance:read",
            "assistance:write",
            "messages:read",
            "messages:write",
            "accessReports:read",
            "searches:create",
            "persons:read",
            "persons:choose",
            "remains:read",
            "samples:read",
            "requests:read",
            "requests:recover",
            "requests:contact",
            "groups:read",
            "directives:read",
            "directives:review",
            "incidents:read",
            "partnerSearches:create",
            "partnerSearches:read",
            "partnerReleaseRequests:create",
            "partnerReleaseRequests:read",
            "receivedReleases:read",
            "matches:read",
            "matches:write",
            "identifications:read",
            "notifications:write",
            "recalls:read",
            "tasks:read",
            "tasks:write",
            "partners:read",
        }
    ),
    "releaseOfficer": frozenset(
        {
            "proposals:create",
            "proposals:read",
            "custody:read",
            "custody:write",
            "erasures:read",
            "erasures:write",
            "erasures:confirm",
            "identityErrors:read",
            "identityErrors:answer",
            "assistance:read",
            "assistance:write",
            "messages:read",
            "persons:read",
            "remains:read",
            "directives:read",
            "releaseCases:read",
            "releaseCases:decide",
            "identifications:read",
            "identifications:write",
            "deaths:assert",
            "embargoes:lift",
            "notifications:write",
            "receivedReleases:read",
            "receivedReleases:retain",
            "receivedReleases:share",
            "recalls:create",
            "recalls:read",
            "tasks:read",
            "tasks:write",
            "partners:read",
        }
    ),
    "supervisor": frozenset(
        {
            "assistance:read",
            "assistance:write",
            "custody:read",
            "custody:write",
            "directives:read",
            "directives:review",
            "erasures:confirm",
            "erasures:read",
            "identifications:read",
            "identifications:write",
            "identityErrors:answer",
            "identityErrors:read",
            "messages:read",
            "partners:read",
            "persons:choose",
            "persons:read",
            "recalls:read",
            "receivedReleases:read",
            "receivedReleases:retain",
            "releaseCases:decide",
            "releaseCases:read",
            "remains:read",
            "tasks:read",
            "tasks:write",
        }
    ),
    "auditor": frozenset(
        {"log:read", "log:audit", "accessReports:read", "recalls:read", "partners:read", "searchSurges:read"}
    ),
    "administrator": frozenset(
        {
            "incidents:read",
            "incidents:write",
            "partners:read",
            "log:read",
            "searchSurges:read",
            "searchSurges:write",
        }
    ),
}


@lru_cache(maxsize=256)
def staff_actions(roles: tuple[str, ...]) -> frozenset[str]:
    """Return every action that one of the roles allows; unknown roles allow none."""
    return frozenset().union(*(ROLE_ACTIONS.get(role, frozenset()) for role in roles))
