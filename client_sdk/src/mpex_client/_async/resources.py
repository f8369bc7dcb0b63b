"""The resources of a node, each with the verbs that the contract gives it."""

from __future__ import annotations

import builtins
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mpex_client._async.paging import pages
from mpex_client._async.verbs import (
    Body,
    Contactable,
    Creatable,
    Historied,
    Listable,
    Readable,
    Replaceable,
    Resource,
)
from mpex_client._calls import Call
from mpex_client.document import Document

if TYPE_CHECKING:
    from mpex_client import types as t


class Persons(
    Readable["t.PersonRecord"],
    Listable["t.PersonRecord"],
    Creatable["t.PersonRecord"],
    Replaceable["t.PersonRecord"],
    Historied["t.PersonRecord"],
    Contactable["t.PersonRecord"],
):
    """Sought persons, persons found alive, living persons whose identity is unknown."""

    schema, name, names, identifier = "person-record", "Person", "Persons", "recordId"
    clearance = "clearPersonContact"

    async def import_batch(
        self, items: Sequence[Mapping[str, Any]], *, directive: str | None = None
    ) -> Document[t.PersonImportResult]:
        """Store up to 500 `{source, record}` or bring them up to date, known by their identity at the origin.

        One outcome for each, in order. Sending the same again changes nothing.
        """
        body: dict[str, Any] = {"items": builtins.list(items)}
        if directive is not None:
            body["directive"] = directive
        return await self._send("importPersons", "person-import-result", body=body, repeatable=True)

    async def record_choice(
        self, record_id: str, choice: Body, *, idempotency_key: str | None = None
    ) -> Document[t.PersonChoice]:
        """Record what a located person wishes others to learn."""
        return await self._send(
            "recordPersonChoice",
            "person-choice",
            path={"recordId": record_id},
            body=choice,
            idempotency_key=idempotency_key,
        )


class Directives(
    Readable["t.ConsentDirective"], Listable["t.ConsentDirective"], Creatable["t.ConsentDirective"]
):
    """What may be done with contributions."""

    schema, name, names, identifier = "consent-directive", "Directive", "Directives", "directiveId"

    async def freeze(
        self, directive_id: str, *, at: str | None = None, idempotency_key: str | None = None
    ) -> Document[t.ConsentDirective]:
        """Say that whoever gave the directive has died, at the instant `at` or at an unknown time."""
        body = {} if at is None else {"at": at}
        return await self._about("freezeDirective", directive_id, body, idempotency_key)

    async def succeed(
        self, directive_id: str, successor: str, *, idempotency_key: str | None = None
    ) -> Document[t.ConsentDirective]:
        """Let the directive `successor` speak in the place of a frozen one."""
        body = {"directive": successor}
        return await self._about("recordSuccessor", directive_id, body, idempotency_key)

    async def review(
        self, directive_id: str, review_due: str, *, reason: str, idempotency_key: str | None = None
    ) -> Document[t.ConsentDirective]:
        """Say why the directive stands and when it is looked at again, on a day or in a month or year."""
        body = {"reviewDue": review_due, "reason": reason}
        return await self._about("reviewDirective", directive_id, body, idempotency_key)

    async def _about(
        self, operation_id: str, directive_id: str, body: Body, idempotency_key: str | None
    ) -> Document[t.ConsentDirective]:
        path = {"directiveId": directive_id}
        return await self._send(
            operation_id, self.schema, path=path, body=body, idempotency_key=idempotency_key
        )

    async def withdraw(
        self,
        directive_id: str,
        *,
        purposes: Sequence[str] = (),
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> Document[t.ConsentDirective]:
        """Withdraw the directive for the named purposes, or as a whole when none is named."""
        body: dict[str, Any] = {"purposes": builtins.list(purposes)} if purposes else {}
        if reason is not None:
            body["reason"] = reason
        return await self._send(
            "withdrawDirective",
            self.schema,
            path={"directiveId": directive_id},
            body=body,
            idempotency_key=idempotency_key,
        )


class Incidents(
    Readable["t.Incident"], Listable["t.Incident"], Creatable["t.Incident"], Replaceable["t.Incident"]
):
    """Events in which people died or went missing."""

    schema, name, names, identifier = "incident", "Incident", "Incidents", "incidentId"

    async def import_batch(
        self, incidents: Sequence[Mapping[str, Any]], *, directive: str | None = None
    ) -> Document[t.IncidentImportResult]:
        """Store up to 500 incidents or bring them up to date, known by their identity in the file of origin.

        One outcome for each, in order. Sending the same again changes nothing.
        """
        body: dict[str, Any] = {"incidents": builtins.list(incidents)}
        if directive is not None:
            body["directive"] = directive
        return await self._send("importIncidents", "incident-import-result", body=body, repeatable=True)


class Searches(Resource["t.SearchResult"]):
    """Searches in this node's records."""

    schema, name = "search-result", "Search"

    async def create(self, search: Body, *, idempotency_key: str | None = None) -> Document[t.SearchResult]:
        """Search; the answer is hit or no hit. A partner mints the `searchId` with `ids.new_id`."""
        return await self._send("createSearch", self.schema, body=search, idempotency_key=idempotency_key)


class PartnerSearches(
    Readable["t.PartnerSearchResult"],
    Listable["t.PartnerSearchResult"],
    Creatable["t.PartnerSearchResult"],
):
    """Searches that this node asks partners to answer."""

    schema, name, names = "partner-search-result", "PartnerSearch", "PartnerSearches"
    identifier = "partnerSearchId"

    async def plan(self, document: Body) -> Document[t.PartnerSearchPlan]:
        """Return what each partner, or every one, would be sent and why it fits; nothing is sent."""
        return await self._send("planPartnerSearch", "partner-search-plan", body=document, repeatable=True)


class Matches(Readable["t.Match"], Listable["t.Match"], Creatable["t.Match"]):
    """Decisions on matches."""

    schema, name, names, identifier = "match", "Match", "Matches", "matchId"


class IdentityErrors(Readable["t.IdentityError"], Listable["t.IdentityError"], Creatable["t.IdentityError"]):
    """Reports that somebody was taken for somebody else."""

    schema, name, names = "identity-error", "IdentityError", "IdentityErrors"
    identifier = "identityErrorId"

    async def answer(
        self, identity_error_id: str, answer: Body, *, idempotency_key: str | None = None
    ) -> Document[t.IdentityError]:
        """Record what came of a report."""
        return await self._send(
            "answerIdentityError",
            self.schema,
            path={"identityErrorId": identity_error_id},
            body=answer,
            idempotency_key=idempotency_key,
        )


class Identifications(
    Readable["t.Identification"],
    Listable["t.Identification"],
    Creatable["t.Identification"],
    Replaceable["t.Identification"],
):
    """Identifications."""

    schema, name, names = "identification", "Identification", "Identifications"
    identifier = "identificationId"

    async def notify(
        self, identification_id: str, notification: Body, *, idempotency_key: str | None = None
    ) -> Document[t.Identification]:
        """Record that a trained person told the family."""
        return await self._send(
            "recordNotification",
            self.schema,
            path={"identificationId": identification_id},
            body=notification,
            idempotency_key=idempotency_key,
        )

    async def lift_embargo(
        self, identification_id: str, lift: Body, *, idempotency_key: str | None = None
    ) -> Document[t.Identification]:
        """Record that a named officer ended the embargo on a death."""
        return await self._send(
            "liftEmbargo",
            self.schema,
            path={"identificationId": identification_id},
            body=lift,
            idempotency_key=idempotency_key,
        )

    async def propose(
        self, identification_id: str, received_release: str, *, idempotency_key: str | None = None
    ) -> Document[t.JointProposal]:
        """Propose an identification to the node that made a release on which it relies."""
        return await self._send(
            "proposeIdentification",
            "joint-proposal",
            path={"identificationId": identification_id},
            body={"receivedRelease": received_release},
            idempotency_key=idempotency_key,
        )


class JointProposals(Readable["t.JointProposal"], Listable["t.JointProposal"]):
    """Identifications that two nodes decide on together."""

    schema, name, names, identifier = "joint-proposal", "JointProposal", "JointProposals", "proposalId"

    async def answer(
        self, proposal_id: str, answer: Body, *, idempotency_key: str | None = None
    ) -> Document[t.JointProposal]:
        """Concur with what a partner proposes by an own identification, or disagree with a reason."""
        return await self._send(
            "answerJointProposal",
            self.schema,
            path={"proposalId": proposal_id},
            body=answer,
            idempotency_key=idempotency_key,
        )


class SearchSurges(Listable["t.SearchSurge"], Creatable["t.SearchSurge"]):
    """Larger search budgets of partners for a time."""

    schema, name, names, identifier = "search-surge", "SearchSurge", "SearchSurges", "surgeId"


class Tasks(Resource["t.Task"]):
    """What waits for a person."""

    schema = "task"

    def list(
        self, *, kind: str | None = None, role: str | None = None, overdue: bool = False, limit: int = 100
    ) -> AsyncIterator[Document[t.Task]]:
        """Iterate over open tasks, due first: all, or one kind, the work of one role, what is overdue."""
        query = {"kind": kind, "role": role, "overdue": "true" if overdue else None}
        return pages(self._client, "listTasks", self.schema, limit, query)

    async def calendar(
        self, *, kind: str | None = None, role: str | None = None, overdue: bool = False
    ) -> str:
        """Return the due times of the same tasks as an iCalendar (RFC 5545), of up to 1000 events."""
        query = {"kind": kind, "role": role, "overdue": "true" if overdue else None}
        answer = await self._client.call(Call.of("getTaskCalendar", query=query))
        return answer.text()

    async def complete(
        self, task_id: str, *, note: str | None = None, idempotency_key: str | None = None
    ) -> Document[t.Task]:
        """Close a task of a kind that ends when a person says so; raises Conflict for any other."""
        return await self._send(
            "completeTask",
            self.schema,
            path={"taskId": task_id},
            body={} if note is None else {"note": note},
            idempotency_key=idempotency_key,
        )


class Partners(Listable["t.Partner"]):
    """Partners of the registry."""

    schema, names = "partner", "Partners"


class Log(Resource["t.LogEntry"]):
    """The transparency log; `mpex_client.log_proof` verifies what it answers."""

    schema = "log-entry"

    async def checkpoint(self) -> str:
        """Return the newest checkpoint, a signed note (C2SP tlog-checkpoint)."""
        answer = await self._client.call(Call.of("getCheckpoint"))
        return answer.text()

    def entries(self, *, limit: int = 100) -> AsyncIterator[Document[t.LogEntry]]:
        """Iterate over the entries in log order, as the node's auditor."""
        return pages(self._client, "listLogEntries", self.schema, limit, {})

    async def inclusion(self, leaf: str, *, size: int | None = None) -> Document[t.LogProof]:
        """Return the proof that a leaf is in the tree of `size`, or of the newest checkpoint."""
        return await self._send("getInclusionProof", "log-proof", query={"leaf": leaf, "size": size})

    async def consistency(self, smaller: int, larger: int) -> Document[t.LogProof]:
        """Return the proof that the larger tree contains the smaller one."""
        return await self._send("getConsistencyProof", "log-proof", query={"from": smaller, "to": larger})


class Node(Resource["t.NodeMetadata"]):
    """What the node says of itself; needs no token."""

    schema = "node-metadata"

    async def metadata(self) -> Document[t.NodeMetadata]:
        """Return the node's metadata."""
        return await self._send("getNodeMetadata", self.schema)

    async def jwks(self) -> Document[t.Jwks]:
        """Return the node's public keys."""
        return await self._send("getJwks", "jwks")

    async def ready(self) -> Document[t.Health]:
        """Return that the node can serve; raises Unavailable when it cannot."""
        return await self._send("getReadiness", "health")
