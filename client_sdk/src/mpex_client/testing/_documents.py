"""The documents of the fake node: created, read, replaced, listed, imported."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx2

from mpex_client._clock import Clock, instant
from mpex_client.ids import new_id
from mpex_client.testing._reply import RefusalError, json_reply
from mpex_client.testing._schemas import body_schema, faults, kind_of

__all__ = ["Documents"]


@dataclass
class _Held:
    body: dict[str, Any]
    collection: str

    @property
    def etag(self) -> str:
        return f'"v{self.body["version"]}"'


@dataclass
class Documents:
    """Every document by identifier; collections are path segments, for example `persons`."""

    clock: Clock
    held: dict[str, _Held] = field(default_factory=dict)
    _sources: dict[tuple[str, str], str] = field(default_factory=dict)
    _imports: dict[str, dict[str, Any]] = field(default_factory=dict)
    _keys: dict[tuple[str, str, str], tuple[bytes, str]] = field(default_factory=dict)

    def create(
        self, operation_id: str, request: httpx2.Request, client_id: str, collection: str
    ) -> httpx2.Response:
        """Store a new document; the same idempotency key with the same body gives the same answer."""
        key = (client_id, operation_id, request.headers.get("Idempotency-Key", ""))
        if not key[2]:
            raise RefusalError("idempotencyKeyMissing")
        if key in self._keys:
            content, identifier = self._keys[key]
            if content != request.content:
                raise RefusalError("idempotencyKeyReused")
            return self._shown(201, self.held[identifier])
        schema = body_schema(operation_id) or ""
        body = _body(schema, request)
        member = _identifier_member(schema)
        identifier = body.setdefault(member, new_id(kind_of(schema)))
        if identifier in self.held:
            raise RefusalError("alreadyExists")
        held = self._keep(identifier, body, collection, 1)
        self._keys[key] = (request.content, identifier)
        return self._shown(201, held)

    def read(self, identifier: str) -> httpx2.Response:
        """Return a document with its entity tag."""
        return self._shown(200, self._found(identifier))

    def replace(self, operation_id: str, request: httpx2.Request, identifier: str) -> httpx2.Response:
        """Store the next version of a document, if the tag named is that of the present one."""
        held = self._found(identifier)
        if "If-Match" not in request.headers:
            raise RefusalError("preconditionRequired")
        if request.headers["If-Match"] != held.etag:
            raise RefusalError("preconditionFailed")
        body = _body(body_schema(operation_id) or "", request)
        kept = self._keep(identifier, body, held.collection, held.body["version"] + 1)
        return self._shown(200, kept)

    def list(self, request: httpx2.Request, collection: str) -> httpx2.Response:
        """Return one page of a collection; the cursor is a number here and opaque everywhere else."""
        items = [held.body for held in self.held.values() if held.collection == collection]
        start, size = int(request.url.params.get("cursor", 0)), int(request.url.params.get("limit", 50))
        page: dict[str, Any] = {"items": items[start : start + size]}
        if start + size < len(items):
            page["nextCursor"] = str(start + size)
        return json_reply(200, page)

    def withdraw(self, request: httpx2.Request, identifier: str) -> httpx2.Response:
        """Add a withdrawal to a directive."""
        held = self._found(identifier)
        entry = {"at": instant(self.clock())} | {
            name: value for name, value in _body("withdrawal", request).items() if name == "purposes"
        }
        body = held.body | {"withdrawals": [*held.body.get("withdrawals", []), entry]}
        kept = self._keep(identifier, body, held.collection, held.body["version"] + 1)
        return self._shown(201, kept)

    def import_incidents(self, request: httpx2.Request) -> httpx2.Response:
        """Store a batch of incidents or bring them up to date, by their identity in the file of origin."""
        batch = _body("incident-import", request)
        outcomes = [self._imported(incident, batch.get("directive")) for incident in batch["incidents"]]
        return json_reply(200, {"outcomes": outcomes})

    def _imported(self, incident: dict[str, Any], directive: str | None) -> dict[str, Any]:
        wrong = faults("incident", incident)
        if wrong or "source" not in incident:
            return {"outcome": "rejected", "errors": wrong or [{"pointer": "/source", "detail": "missing"}]}
        incident = incident | ({"directive": directive} if directive else {})
        source = (incident["source"]["system"], incident["source"]["id"])
        identifier = self._sources.setdefault(source, incident.get("incidentId", new_id("incident")))
        held = self.held.get(identifier)
        if held is None:
            self._keep(identifier, incident | {"incidentId": identifier}, "incidents", 1)
            return {"outcome": "created", "incidentId": identifier}
        given = {name: value for name, value in held.body.items() if name not in {"version", "incidentId"}}
        if given == incident:
            return {"outcome": "unchanged", "incidentId": identifier}
        version = held.body["version"] + 1
        self._keep(identifier, incident | {"incidentId": identifier}, "incidents", version)
        return {"outcome": "updated", "incidentId": identifier}

    def import_persons(self, request: httpx2.Request) -> httpx2.Response:
        """Store a batch of person records or bring them up to date, by their identity at the origin."""
        batch = _body("person-import", request)
        outcomes = [self._imported_person(item, batch.get("directive")) for item in batch["items"]]
        return json_reply(200, {"outcomes": outcomes})

    def _imported_person(self, item: dict[str, Any], directive: str | None) -> dict[str, Any]:
        wrong = faults("person-record", item["record"])
        if wrong:
            errors = [error | {"pointer": f"/record{error['pointer']}"} for error in wrong]
            return {"outcome": "rejected", "errors": errors}
        source = ("person", json.dumps(item["source"], sort_keys=True))
        shared = {"directive": directive} if directive else {}
        record = item["record"] | {"contributions": [shared | c for c in item["record"]["contributions"]]}
        identifier = self._sources.setdefault(source, new_id("person"))
        held = self.held.get(identifier)
        if held and self._imports.get(identifier) == record:
            return {"outcome": "unchanged", "recordId": identifier}
        self._imports[identifier] = record
        version = held.body["version"] + 1 if held else 1
        self._keep(identifier, record | {"recordId": identifier}, "persons", version)
        return {"outcome": "updated" if held else "created", "recordId": identifier}

    def _keep(self, identifier: str, body: dict[str, Any], collection: str, version: int) -> _Held:
        self.held[identifier] = _Held(body | {"version": version}, collection)
        return self.held[identifier]

    def _found(self, identifier: str) -> _Held:
        if identifier not in self.held:
            raise RefusalError("notFound")
        return self.held[identifier]

    def _shown(self, status: int, held: _Held) -> httpx2.Response:
        return json_reply(status, held.body, ETag=held.etag)


def _body(schema: str, request: httpx2.Request) -> dict[str, Any]:
    try:
        body = json.loads(request.content)
    except ValueError:
        raise RefusalError("malformedJson") from None
    wrong = faults(schema, body)
    if wrong:
        raise RefusalError("schemaViolation", wrong)
    return dict(body)


def _identifier_member(schema: str) -> str:
    kind = kind_of(schema)
    return "recordId" if kind in {"person", "remains"} else f"{kind}Id"
