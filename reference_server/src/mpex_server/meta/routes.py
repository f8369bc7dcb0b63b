"""Public operations of the node: health, node metadata, and the interface as a page and as a document."""

from functools import lru_cache
from typing import Any

import mpex_spec
from mpex_spec import Spec
from mpex_spec.bundle import bundle

from mpex_server import office
from mpex_server.audit.repository import origin, verifier
from mpex_server.errors import Fault, Problem
from mpex_server.federation.asking import longest
from mpex_server.holdings import service as holdings
from mpex_server.http.call import Call, Reply
from mpex_server.http.operations import public
from mpex_server.keys import probe
from mpex_server.kit import strict_json, timegrid
from mpex_server.kit.clock import instant
from mpex_server.meta import page
from mpex_server.oauth.dpop import SKEW_SECONDS
from mpex_server.search_surges import repository as surges
from mpex_server.settings import Settings
from mpex_server.storage import floor
from mpex_server.storage.engine import answers, transaction

_SURGES = 100
_PUBLIC = {"Cache-Control": "public, max-age=300"}


@public("getLiveness")
def liveness(_call: Call) -> Reply:
    """Say that the process answers."""
    return Reply(body={"status": "ok"})


@public("getReadiness")
def readiness(call: Call) -> Reply:
    """Say that database and keys answer; raises Problem `unavailable` naming those that do not."""
    checks = {"database": answers(call.node.engine), "keys": probe.answer(call.node.keys)}
    if faults := [Fault(name, "does not answer") for name, good in checks.items() if not good]:
        raise Problem("unavailable", faults=faults, headers={"Retry-After": "5"})
    return Reply(body={"status": "ok", "checks": dict.fromkeys(checks, "ok")})


@public("getNodeMetadata")
def node_metadata(call: Call) -> Reply:
    """Return the node's metadata (META-001, META-002)."""
    settings = call.node.settings
    body: dict[str, Any] = {
        "nodeId": settings.node_id,
        "name": settings.name,
        "specVersion": mpex_spec.SPEC_VERSION,
        "environment": settings.environment,
        "participationClass": settings.participation_class,
        "conformanceClasses": list(settings.conformance_classes),
        "recipientClass": settings.recipient_class,
        "purposes": list(settings.purposes),
        "territories": list(settings.territories),
        "contactOffice": _office(settings),
        "limits": {
            "bodyBytes": strict_json.MAX_BYTES,
            "jsonDepth": strict_json.MAX_DEPTH,
            "arrayItems": strict_json.MAX_ITEMS,
            "timeGridMs": int(settings.search_hold_seconds * 1000),
            "paddingBytes": timegrid.BLOCK_BYTES,
            "partnerSearchesPerDay": settings.partner_searches_per_day,
            "caseSearchesPerDay": settings.case_searches_per_day,
            "standingSearchesPerPartner": settings.standing_searches_per_partner,
            "partnerAsksPerDay": settings.partner_asks_per_day,
            "releaseRequestsPerDay": settings.release_requests_per_day,
            "onwardRecipientsPerRelease": settings.onward_recipients_per_release,
            "tokenSeconds": settings.token_seconds,
            "clockSkewSeconds": SKEW_SECONDS,
            "idempotencyHours": 24,
            "releaseDecisionHours": settings.release_due_hours,
            "hitReferenceDays": 30,
            "recallAcknowledgementHours": 48,
            "logMergeSeconds": 10,
            "erasureWaitDays": settings.erasure_wait_days,
            "trustSeconds": settings.trust_seconds + longest(settings.trust_seconds),
        },
        "office": office.of(settings).document,
        **_from_database(call),
        "log": {"origin": origin(settings), "key": str(verifier(settings, call.node.keys))},
    }
    return Reply(body=body, headers=dict(_PUBLIC))


def _from_database(call: Call) -> dict[str, Any]:
    with transaction(call.node.engine, write=False) as conn:
        held = holdings.published(conn, call.node.settings)
        in_force = surges.in_force(conn, instant(call.node.clock.now()), limit=_SURGES)
        stands = not any(floor.faults(conn))
    storage = {"engine": call.node.engine.dialect.name, "rowLevelSecurity": stands}
    return {"searchSurges": in_force, "storage": storage} | ({} if held is None else {"holdings": held})


def _office(settings: Settings) -> dict[str, Any]:
    email = {"email": settings.contact_email} if settings.contact_email else {}
    return {"organisation": settings.contact_organisation or settings.name, **email}


@public("getApiDocument")
def api_document(call: Call) -> Reply:
    """Return the bundled OpenAPI document of what is answered here (META-004)."""
    return Reply(body=_bundle(call.node.settings.role), headers=dict(_PUBLIC))


@public("getApiPage")
def api_page(call: Call) -> Reply:
    """Return a page of all operations that loads nothing from anywhere else."""
    headers = {**_PUBLIC, "Content-Security-Policy": page.POLICY}
    return Reply(body=page.rendered(call.node.settings.role), headers=headers, media_type="text/html")


@lru_cache(maxsize=2)
def _bundle(role: str) -> bytes:
    return strict_json.dumps(bundle(Spec(mpex_spec.root()), role))
