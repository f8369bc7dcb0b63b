# Generated from _async by tools/generators/client_sync.py; never edited.
"""What is asked for, released, received and called back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mpex_client._sync.paging import pages
from mpex_client._sync.verbs import Body, Creatable, Listable, Readable, Resource
from mpex_client.document import Document

if TYPE_CHECKING:
    from mpex_client import types as t


class ReleaseRequests(Readable["t.ReleaseRequestStatus"], Creatable["t.ReleaseRequestStatus"]):
    """Release requests made at this node by a partner."""

    schema, name, identifier = "release-request-status", "ReleaseRequest", "releaseRequestId"

    def reply(
        self, release_request_id: str, reply: str, *, idempotency_key: str | None = None
    ) -> Document[t.ReleaseRequestStatus]:
        """Reply to the holder's question, after which the request is decided anew."""
        return self._send(
            "replyToReleaseQuestion",
            self.schema,
            path={"releaseRequestId": release_request_id},
            body={"reply": reply},
            idempotency_key=idempotency_key,
        )

    def collect(self, release_request_id: str) -> Document[t.SealedRelease]:
        """Return the release of an approved request as it is sealed; `mpex_client.sealed` opens it."""
        path = {"releaseRequestId": release_request_id}
        return self._send("collectRelease", "sealed-release", path=path)


class ReleaseCases(Readable["t.ReleaseRequestCase"]):
    """Release requests that this node's release officer decides."""

    schema, name, identifier = "release-request-case", "ReleaseCase", "releaseRequestId"

    def list(
        self, *, state: str | None = None, limit: int = 100
    ) -> Iterator[Document[t.ReleaseRequestCase]]:
        """Iterate over the requests, or over those in one state."""
        return pages(self._client, "listReleaseCases", self.schema, limit, {"state": state})

    def decide(
        self, release_request_id: str, decision: Body, *, idempotency_key: str | None = None
    ) -> Document[t.ReleaseRequestCase]:
        """Record a person's decision."""
        return self._send(
            "decideReleaseCase",
            self.schema,
            path={"releaseRequestId": release_request_id},
            body=decision,
            idempotency_key=idempotency_key,
        )


class PartnerReleaseRequests(
    Readable["t.PartnerReleaseRequestStatus"], Creatable["t.PartnerReleaseRequestStatus"]
):
    """Release requests that this node makes at partners."""

    schema, name = "partner-release-request-status", "PartnerReleaseRequest"
    identifier = "partnerReleaseRequestId"

    def reply(
        self, partner_release_request_id: str, reply: str, *, idempotency_key: str | None = None
    ) -> Document[t.PartnerReleaseRequestStatus]:
        """Reply to the partner's question about the request."""
        return self._send(
            "replyToPartnerQuestion",
            self.schema,
            path={"partnerReleaseRequestId": partner_release_request_id},
            body={"reply": reply},
            idempotency_key=idempotency_key,
        )

    def collect(
        self, partner_release_request_id: str, *, idempotency_key: str | None = None
    ) -> Document[t.ReceivedRelease]:
        """Fetch the release from the partner and keep it under its conditions."""
        return self._send(
            "collectPartnerRelease",
            "received-release",
            path={"partnerReleaseRequestId": partner_release_request_id},
            idempotency_key=idempotency_key,
        )


class ReceivedReleases(Readable["t.ReceivedRelease"], Listable["t.ReceivedRelease"]):
    """Data that partners released to this node."""

    schema, name, names = "received-release", "ReceivedRelease", "ReceivedReleases"
    identifier = "receivedReleaseId"

    def retain(
        self, received_release_id: str, retention: Body, *, idempotency_key: str | None = None
    ) -> Document[t.ReceivedRelease]:
        """Declare that a law compels this node to keep it, until a date of review."""
        return self._send(
            "retainReceivedRelease",
            self.schema,
            path={self.identifier: received_release_id},
            body=retention,
            idempotency_key=idempotency_key,
        )

    def pass_on(
        self, received_release_id: str, sharing: Body, *, idempotency_key: str | None = None
    ) -> Document[t.Onward]:
        """Offer it to another partner, or ask its origin first where it says so."""
        return self._send(
            "passReleaseOn",
            "onward",
            path={self.identifier: received_release_id},
            body=sharing,
            idempotency_key=idempotency_key,
        )

    def propose(
        self, received_release_id: str, draft: Body, *, idempotency_key: str | None = None
    ) -> Document[t.ChangeProposal]:
        """Propose to its custodian to add to the record, or to correct it, from an own record."""
        return self._send(
            "createChangeProposal",
            "change-proposal",
            path={self.identifier: received_release_id},
            body=draft,
            idempotency_key=idempotency_key,
        )

    def report_breach(
        self, received_release_id: str, breach: Body, *, idempotency_key: str | None = None
    ) -> Document[t.ReceivedRelease]:
        """Report a breach or a compelled disclosure to whoever released it and to its origin."""
        return self._send(
            "reportBreach",
            self.schema,
            path={self.identifier: received_release_id},
            body=breach,
            idempotency_key=idempotency_key,
        )

    def passed_on(self, received_release_id: str) -> Document[t.OnwardPage]:
        """Return to whom it was offered."""
        return self._send("listOnward", "onward-page", path={self.identifier: received_release_id})

    def erase(
        self, received_release_id: str, *, idempotency_key: str | None = None
    ) -> Document[t.ReceivedRelease]:
        """Erase it before its time."""
        return self._send(
            "eraseReceivedRelease",
            self.schema,
            path={self.identifier: received_release_id},
            idempotency_key=idempotency_key,
        )


class ChangeProposals(Readable["t.ChangeProposal"], Listable["t.ChangeProposal"]):
    """Changes of records that recipients of releases propose."""

    schema, name, names = "change-proposal", "ChangeProposal", "ChangeProposals"
    identifier = "changeProposalId"

    def answer(
        self, change_proposal_id: str, answer: Body, *, idempotency_key: str | None = None
    ) -> Document[t.ChangeProposal]:
        """Accept what was collected, or decline it with a reason; raises Conflict the second time."""
        return self._send(
            "answerChangeProposal",
            self.schema,
            path={self.identifier: change_proposal_id},
            body=answer,
            idempotency_key=idempotency_key,
        )


class OnwardRequests(Resource["t.OnwardRequest"]):
    """Questions of recipients whether they may pass on what this node released."""

    schema, name, names = "onward-request", "OnwardRequest", "OnwardRequests"
    identifier = "onwardRequestId"

    def list(self, *, limit: int = 100) -> Iterator[Document[t.OnwardRequest]]:
        """Iterate over the questions, oldest first."""
        return pages(self._client, "listOnwardRequests", self.schema, limit, {})

    def decide(
        self, onward_request_id: str, decision: str, *, idempotency_key: str | None = None
    ) -> Document[t.OnwardRequest]:
        """Answer a question: approve or refuse."""
        return self._send(
            "decideOnwardRequest",
            self.schema,
            path={self.identifier: onward_request_id},
            body={"decision": decision},
            idempotency_key=idempotency_key,
        )


class Recalls(Readable["t.Recall"], Creatable["t.Recall"]):
    """Recalls of this node's releases, with the state at each recipient."""

    schema, name, identifier = "recall", "Recall", "recallId"

    def list(self, *, state: str | None = None, limit: int = 100) -> Iterator[Document[t.Recall]]:
        """Iterate over the recalls, or over those in one state: open, complete or overdue."""
        return pages(self._client, "listRecalls", self.schema, limit, {"state": state})
