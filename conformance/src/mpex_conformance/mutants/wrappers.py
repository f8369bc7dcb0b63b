"""Mutants of the wire: what a careless node does to requests before it acts on them, and to its answers.

Each function is one way to break one requirement; `catalogue.yaml` says which requirement and what harm.
"""

import hashlib
import json
import secrets
import unicodedata
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import mpex_spec

from mpex_conformance import samples
from mpex_conformance.mutants.exchange import Call, Request, Response
from mpex_conformance.wire.jose import claims

_PROBLEM = "application/problem+json"


async def lenient_json(request: Request, call: Call) -> Response:
    """Read any JSON that a careless parser reads."""
    value = request.json
    if value is None:
        return await call(request)
    text = json.dumps(value).replace("NaN", "null").replace("-Infinity", "null").replace("\\ud83d", "?")
    return await call(replace(request, body=text.encode()))


async def size_told_as_bad_request(request: Request, call: Call) -> Response:
    """Answer a body that is too large as if it were malformed."""
    response = await call(request)
    return replace(response, status=400) if response.status == 413 else response


async def plain_errors(request: Request, call: Call) -> Response:
    """Give problems another media type."""
    response = await call(request)
    return response.with_header("content-type", "application/json") if response.status >= 400 else response


async def values_echoed(request: Request, call: Call) -> Response:
    """Repeat the refused body in the problem."""
    response = await call(request)
    if response.status != 422:
        return response
    return response.with_json({**response.json, "detail": request.body.decode()[:900]})


async def key_supplied(request: Request, call: Call) -> Response:
    """Invent a missing Idempotency-Key."""
    missing = request.method == "POST" and request.header("idempotency-key") is None
    return await call(
        request.with_header("idempotency-key", secrets.token_urlsafe(16)) if missing else request
    )


async def key_ignored(request: Request, call: Call) -> Response:
    """Act again on every repetition."""
    given = request.header("idempotency-key")
    return await call(request.with_header("idempotency-key", secrets.token_urlsafe(16)) if given else request)


async def key_per_body(request: Request, call: Call) -> Response:
    """Take one key for many bodies."""
    given = request.header("idempotency-key")
    if given is None:
        return await call(request)
    key = hashlib.sha256(given.encode() + request.body).hexdigest()
    return await call(request.with_header("idempotency-key", key))


async def last_write_wins(request: Request, call: Call) -> Response:
    """Call every refused precondition a conflict that the client may ignore."""
    response = await call(request)
    return replace(response, status=409) if response.status in (412, 428) else response


async def cursor_forgotten(request: Request, call: Call) -> Response:
    """Begin a listing again for whoever brings a cursor."""
    kept = "&".join(part for part in request.query.split("&") if not part.startswith("cursor="))
    return await call(replace(request, query=kept))


async def unknown_members_dropped(request: Request, call: Call) -> Response:
    """Drop message members that the schema does not name, and go on."""
    schema = {
        "/v1/directives": "consent-directive",
        "/v1/searches": "search",
        "/v1/incidents/import": "incident-import",
    }.get(request.path)
    if schema is None or request.method != "POST" or not isinstance(request.json, dict):
        return await call(request)
    known = mpex_spec.schema(schema)["properties"]
    return await call(request.with_json({k: v for k, v in request.json.items() if k in known}))


async def cacheable(request: Request, call: Call) -> Response:
    """Let caches keep everything."""
    return (await call(request)).with_header("cache-control", "private, max-age=60")


async def digests_of_signed_alone(request: Request, call: Call) -> Response:
    """Say no digest of an answer that is not signed."""
    response = await call(request)
    signed = any(name == "signature" for name, _ in response.headers)
    return response if signed else response.with_header("content-digest", None)


async def offset_instants(request: Request, call: Call) -> Response:
    """Write instants with an offset in place of Z."""
    response = await call(request)
    return replace(response, body=response.body.replace(b'Z"', b'+00:00"'))


async def more_demanded(request: Request, call: Call) -> Response:
    """Refuse a record that lacks what the standard does not ask for."""
    if request.goes_to("POST", "/v1/persons") and "controller" not in (request.json or {}):
        return _problem(422, "schemaViolation")
    return await call(request)


async def name_supplied(request: Request, call: Call) -> Response:
    """Take a person without a name as one whose name is unknown."""
    if request.goes_to("POST", "/v1/persons") and isinstance(request.json, dict):
        return await call(request.with_json({**request.json, "nameUnknown": True}))
    return await call(request)


async def identifier_renewed(request: Request, call: Call) -> Response:
    """Give a changed record a new identifier."""
    response = await call(request)
    if request.method != "PUT" or response.status != 200:
        return response
    return response.with_json({**response.json, "recordId": samples.identifier("person")})


async def versions_skipped(request: Request, call: Call) -> Response:
    """Count versions by two."""
    response = await call(request)
    if not isinstance(response.json, dict) or "version" not in response.json:
        return response
    return response.with_json({**response.json, "version": response.json["version"] * 2 - 1})


async def unknown_members_lost(request: Request, call: Call) -> Response:
    """Keep of a record what the schema names."""
    if not request.goes_to("POST", "/v1/persons") or not isinstance(request.json, dict):
        return await call(request)
    known = mpex_spec.schema("person-record")["properties"]
    return await call(request.with_json({k: v for k, v in request.json.items() if k in known}))


async def names_romanised(request: Request, call: Call) -> Response:
    """Normalise names on the way in."""
    if not request.goes_to("POST", "/v1/persons"):
        return await call(request)
    text = unicodedata.normalize("NFKC", request.body.decode())
    return await call(replace(request, body=text.encode()))


async def absence_dropped(request: Request, call: Call) -> Response:
    """Forget marks that were looked for in vain."""
    if not request.goes_to("POST", "/v1/persons") or not isinstance(request.json, dict):
        return await call(request)
    body = request.json
    for entry in body.get("contributions", []):
        physical = entry.get("sections", {}).get("physical", {})
        if "marks" in physical:
            physical["marks"] = [mark for mark in physical["marks"] if mark.get("observed")]
    return await call(request.with_json(body))


async def open_door(request: Request, call: Call) -> Response:
    """List persons to strangers."""
    if request.goes_to("GET", "/v1/persons") and request.header("authorization") is None:
        return Response(200, (("content-type", "application/json"),), b'{"items": []}')
    return await call(request)


async def bearer_taken(request: Request, call: Call) -> Response:
    """Take a Bearer token as if it were bound."""
    given = request.header("authorization") or ""
    return await call(
        request.with_header("authorization", given.replace("Bearer ", "DPoP ", 1)) if given else request
    )


async def purpose_replaced(request: Request, call: Call) -> Response:
    """Read a prohibited purpose in a body as a permitted one."""
    body = request.json
    if not request.goes_to("POST", "/v1/searches", "/v1/release-requests") or not isinstance(body, dict):
        return await call(request)
    return await call(request.with_json({**body, "purpose": "searchLiving"}))


async def environment_hidden(request: Request, call: Call) -> Response:
    """Say nothing of being a sandbox."""
    response = await call(request)
    if not request.path.endswith("/mpex-node"):
        return response
    return response.with_json({**response.json, "environment": "production"})


async def office_hidden(request: Request, call: Call) -> Response:
    """Name an office without an address."""
    response = await call(request)
    if not request.path.endswith("/mpex-node"):
        return response
    office = {"organisation": response.json["contactOffice"]["organisation"]}
    return response.with_json({**response.json, "contactOffice": office})


async def found_counted(request: Request, call: Call) -> Response:
    """Count people found alive among the holdings."""
    return await _counted(request, call, {"type": "foundAlive", "year": 2026, "band": "from10to49"})


async def holdings_exact(request: Request, call: Call) -> Response:
    """Publish the number of records beside its band."""
    entry = {"type": "soughtPerson", "year": 2026, "band": "from10to49", "number": 17}
    return await _counted(request, call, entry)


async def few_counted(request: Request, call: Call) -> Response:
    """Publish that there are fewer than ten."""
    return await _counted(request, call, {"type": "soughtPerson", "year": 2026, "band": "from1to9"})


async def _counted(request: Request, call: Call, entry: dict[str, Any]) -> Response:
    response = await call(request)
    if not request.path.endswith("/mpex-node"):
        return response
    held = response.json.get("holdings", {"asOf": "2026-01-01", "counts": []})
    holdings = {**held, "counts": [*held["counts"], entry]}
    return response.with_json({**response.json, "holdings": holdings})


async def keys_guarded(request: Request, call: Call) -> Response:
    """Ask for a token where the public keys are."""
    if request.path.endswith("/jwks.json"):
        return _problem(401, "unauthorized")
    return await call(request)


async def batch_lost(request: Request, call: Call) -> Response:
    """Refuse a batch in which one item is bad."""
    response = await call(request)
    if b'"rejected"' in response.body and request.path.endswith("/import"):
        return _problem(422, "schemaViolation")
    return response


async def imports_doubled(request: Request, call: Call) -> Response:
    """Store each import anew."""
    if not request.path.endswith("/import") or not isinstance(request.json, dict):
        return await call(request)
    body = request.json
    for item in body.get("incidents", []) + body.get("items", []):
        if isinstance(item.get("source"), dict):
            item["source"]["id"] = f"{item['source'].get('id')}-{secrets.token_hex(4)}"
    return await call(request.with_json(body))


async def counts_clipped(request: Request, call: Call) -> Response:
    """Take no count below zero."""
    if not request.path.startswith("/v1/incidents") or not isinstance(request.json, dict):
        return await call(request)
    body = request.json
    for item in body.get("incidents", [body]):
        counts = item.get("counts")
        if isinstance(counts, dict):
            item["counts"] = {k: max(v, 0) if isinstance(v, int) else v for k, v in counts.items()}
    return await call(request.with_json(body))


async def proofs_garbled(request: Request, call: Call) -> Response:
    """Serve proofs whose hashes do not lead to the root."""
    response = await call(request)
    if response.status != 200 or not request.path.endswith(("/inclusion", "/consistency")):
        return response
    body = response.json
    return response.with_json({**body, "hashes": body["hashes"][1:]})


async def checkpoint_unsigned(request: Request, call: Call) -> Response:
    """Serve a checkpoint whose signature is not by the published key."""
    response = await call(request)
    if response.status != 200 or not request.path.endswith("/checkpoint"):
        return response
    text, _, signature = response.body.decode().partition("\n\n")
    head, _, encoded = signature.strip().rpartition(" ")
    return replace(response, body=f"{text}\n\n{head} {encoded[:8]}{encoded[8:][::-1]}\n".encode())


async def entries_hidden(request: Request, call: Call) -> Response:
    """Keep consent changes out of the log that the auditor reads."""
    response = await call(request)
    if response.status != 200 or not request.path.endswith("/log/entries"):
        return response
    kept = [item for item in response.json["items"] if item["event"] != "consentChange"]
    return response.with_json({**response.json, "items": kept})


async def effects_hidden(request: Request, call: Call) -> Response:
    """Keep what was done upon the events of partners out of the log that the auditor reads."""
    response = await call(request)
    if response.status != 200 or not request.path.endswith("/log/entries"):
        return response
    kept = [item for item in response.json["items"] if item["event"] != "event"]
    return response.with_json({**response.json, "items": kept})


async def surges_unlogged(request: Request, call: Call) -> Response:
    """Keep larger search budgets out of the log that the auditor reads."""
    response = await call(request)
    if response.status != 200 or not request.path.endswith("/log/entries"):
        return response
    kept = [item for item in response.json["items"] if item["event"] != "surge"]
    return response.with_json({**response.json, "items": kept})


async def refusals_unlogged(request: Request, call: Call) -> Response:
    """Keep refusals of prohibited purposes out of the log."""
    response = await call(request)
    if response.status != 200 or not request.path.endswith("/log/entries"):
        return response
    kept = [item for item in response.json["items"] if item["outcome"] != "refused"]
    return response.with_json({**response.json, "items": kept})


async def deciders_invented(request: Request, call: Call) -> Response:
    """Fill in who decided for somebody, and why."""
    body = request.json
    if not request.goes_to("POST", "/choice") or not isinstance(body, dict):
        return await call(request)
    invented = {"ground": "child", "decider": "Somebody", "reason": "Unknown"}
    return await call(request.with_json((invented if body.get("decidedBy") != "person" else {}) | body))


def _problem(status: int, code: str) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:mpex:problem:{code}",
        "title": "Refused",
        "status": status,
        "remedy": "None.",
    }
    return Response(
        status, (("content-type", _PROBLEM), ("cache-control", "no-store")), json.dumps(body).encode()
    )


async def details_mended(request: Request, call: Call) -> Response:
    """Drop what is too much in authorization details, and go on."""
    if not request.goes_to("POST", "/oauth/token"):
        return await call(request)
    form = dict(parse_qsl(request.body.decode()))
    try:
        details = json.loads(form["authorization_details"])
        known = {k: v for k, v in details[0].items() if k != "conformanceExtra"}
        form["authorization_details"] = json.dumps([known])
    except (KeyError, ValueError, IndexError, AttributeError):
        return await call(request)
    return await call(replace(request, body=urlencode(form).encode()))


async def long_tokens(request: Request, call: Call) -> Response:
    """Promise that a token lives for an hour."""
    response = await call(request)
    if not request.goes_to("POST", "/oauth/token") or response.status != 200:
        return response
    return response.with_json({**response.json, "expires_in": 3600})


async def purpose_of_token(request: Request, call: Call) -> Response:
    """Read the purpose of a search from the token and not from the body."""
    body = request.json
    if not request.goes_to("POST", "/v1/searches") or not isinstance(body, dict):
        return await call(request)
    token = (request.header("authorization") or "").partition(" ")[2]
    purpose = claims(token)["authorization_details"][0]["purpose"]
    return await call(request.with_json({**body, "purpose": purpose}))


async def requests_unlisted(request: Request, call: Call) -> Response:
    """Leave release requests out of what the staff is told to do."""
    response = await call(request)
    if response.status != 200 or not request.path.endswith("/v1/tasks"):
        return response
    kept = [item for item in response.json["items"] if item["kind"] != "releaseRequest"]
    return response.with_json({**response.json, "items": kept})
