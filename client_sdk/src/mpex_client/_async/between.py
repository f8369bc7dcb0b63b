"""Resources between people: enquirers, groups, and what nodes ask of and write to one another."""

from __future__ import annotations

import builtins
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mpex_client._async.paging import pages
from mpex_client._async.verbs import Body, Contactable, Creatable, Listable, Readable, Replaceable
from mpex_client._calls import Call
from mpex_client.document import Document

if TYPE_CHECKING:
    from mpex_client import types as t


class SearchRequests(
    Readable["t.SearchRequest"],
    Listable["t.SearchRequest"],
    Creatable["t.SearchRequest"],
    Replaceable["t.SearchRequest"],
    Contactable["t.SearchRequest"],
):
    """What enquirers ask for."""

    schema, name, names, identifier = "search-request", "SearchRequest", "SearchRequests", "requestId"
    clearance = "clearContact"

    async def access_report(self, request_id: str) -> Document[t.AccessReport]:
        """Return who had what, for a family to read."""
        return await self._send("getAccessReport", "access-report", path={"requestId": request_id})

    async def view(self, request_id: str) -> Document[t.EnquirerView]:
        """Return what the enquirer may see of its own request."""
        return await self._send("getEnquirerView", "enquirer-view", path={"requestId": request_id})

    async def issue_code(
        self, request_id: str, *, idempotency_key: str | None = None
    ) -> Document[t.RecoveryCode]:
        """Make a recovery code for the enquirer, to be printed; the one before ends."""
        path = {"requestId": request_id}
        return await self._send(
            "issueRecoveryCode", "recovery-code", path=path, idempotency_key=idempotency_key
        )

    async def recover(self, code: str, *, idempotency_key: str | None = None) -> Document[t.EnquirerView]:
        """Find the request of an enquirer who shows a code; the answer has the code that replaces it.

        Raises NotFound for a wrong code, Invalid for one that was mistyped.
        """
        return await self._send(
            "recoverSearchRequest", "enquirer-view", body={"code": code}, idempotency_key=idempotency_key
        )

    async def record_death(
        self, request_id: str, *, at: str | None = None, idempotency_key: str | None = None
    ) -> Document[t.SearchRequest]:
        """Record that the enquirer has died, at the instant `at` or at an unknown time.

        Every directive of the request that ends with its giver is frozen; raises Conflict the second time.
        """
        return await self._send(
            "recordEnquirerDeath",
            self.schema,
            path={"requestId": request_id},
            body={} if at is None else {"at": at},
            idempotency_key=idempotency_key,
        )


class Groups(Readable["t.Group"], Listable["t.Group"], Creatable["t.Group"], Replaceable["t.Group"]):
    """Households, travel parties and boats."""

    schema, name, names, identifier = "group", "Group", "Groups", "groupId"

    def members(self, group_id: str, *, limit: int = 100) -> AsyncIterator[Document[t.GroupMember]]:
        """Iterate over the members of a group."""
        return pages(
            self._client, "listGroupMembers", "group-member", limit, {}, path={self.identifier: group_id}
        )

    async def import_members(
        self, group_id: str, members: Sequence[Mapping[str, Any]], *, directive: str | None = None
    ) -> Document[t.GroupImportResult]:
        """Register up to 500 members or bring them up to date, known by their row; one outcome for each."""
        body: dict[str, Any] = {"members": builtins.list(members)}
        if directive is not None:
            body["directive"] = directive
        path = {self.identifier: group_id}
        return await self._send(
            "importGroupMembers", "group-import-result", path=path, body=body, repeatable=True
        )

    async def search(
        self, group_id: str, search: Body, *, idempotency_key: str | None = None
    ) -> Document[t.GroupSearchResult]:
        """Ask partners for up to 50 members, each in a partner search of its own; one result for each."""
        return await self._send(
            "searchGroupMembers",
            "group-search-result",
            path={self.identifier: group_id},
            body=search,
            idempotency_key=idempotency_key,
        )

    async def promote_member(self, group_id: str, member_id: str, record: str) -> Document[t.GroupMember]:
        """Record that a mentioned member has a record; what the mention said is erased."""
        path = {self.identifier: group_id, "memberId": member_id}
        return await self._send("promoteGroupMember", "group-member", path=path, body={"record": record})

    async def erase_member(self, group_id: str, member_id: str) -> None:
        """Erase what is known of one member; its row is not taken again."""
        path = {self.identifier: group_id, "memberId": member_id}
        await self._client.call(Call.of("eraseGroupMember", path=path))


class AssistanceRequests(
    Readable["t.AssistanceRequest"], Listable["t.AssistanceRequest"], Creatable["t.AssistanceRequest"]
):
    """What nodes ask one another to do."""

    schema, name, names = "assistance-request", "AssistanceRequest", "AssistanceRequests"
    identifier = "assistanceId"

    async def answer(
        self, assistance_id: str, answer: Body, *, idempotency_key: str | None = None
    ) -> Document[t.AssistanceRequest]:
        """Accept, decline or complete what a partner asks."""
        return await self._send(
            "answerAssistanceRequest",
            self.schema,
            path={self.identifier: assistance_id},
            body=answer,
            idempotency_key=idempotency_key,
        )


class CaseMessages(Readable["t.CaseMessage"], Listable["t.CaseMessage"], Creatable["t.CaseMessage"]):
    """What nodes write to one another on a case."""

    schema, name, names, identifier = "case-message", "CaseMessage", "CaseMessages", "messageId"

    async def recall(self, message_id: str, *, idempotency_key: str | None = None) -> Document[t.CaseMessage]:
        """Call a sent message back; the partner erases it."""
        path = {self.identifier: message_id}
        return await self._send("recallCaseMessage", self.schema, path=path, idempotency_key=idempotency_key)


class CustodyTransfers(
    Readable["t.CustodyTransfer"], Listable["t.CustodyTransfer"], Creatable["t.CustodyTransfer"]
):
    """Records whose custody passes to another node."""

    schema, name, names = "custody-transfer", "CustodyTransfer", "CustodyTransfers"
    identifier = "transferId"

    async def answer(
        self,
        transfer_id: str,
        answer: str,
        *,
        withheld_accepted: bool = False,
        idempotency_key: str | None = None,
    ) -> Document[t.CustodyTransfer]:
        """Take over the record that a partner offers (`take`), or `decline`.

        `withheld_accepted` says that what directives withhold of it may be lost.
        """
        return await self._send(
            "answerCustodyOffer",
            self.schema,
            path={self.identifier: transfer_id},
            body={"answer": answer} | ({"withheldAccepted": True} if withheld_accepted else {}),
            idempotency_key=idempotency_key,
        )

    async def decide(
        self, transfer_id: str, decision: str, *, idempotency_key: str | None = None
    ) -> Document[t.CustodyTransfer]:
        """Let a proposed offer go out as the second person (`approve`), `refuse` it, or `cancel` one."""
        return await self._send(
            "decideCustodyOffer",
            self.schema,
            path={self.identifier: transfer_id},
            body={"decision": decision},
            idempotency_key=idempotency_key,
        )

    async def record(self, transfer_id: str) -> Document[t.SealedCustodyPackage]:
        """Fetch an offered record, as the node to which it was offered; `mpex_client.sealed` opens it."""
        path = {self.identifier: transfer_id}
        return await self._send("collectCustodyRecord", "sealed-custody-package", path=path)


class ErasureRequests(
    Readable["t.ErasureRequest"], Listable["t.ErasureRequest"], Creatable["t.ErasureRequest"]
):
    """Requests to erase a record, or what an enquirer contributed to it."""

    schema, name, names = "erasure-request", "ErasureRequest", "ErasureRequests"
    identifier = "erasureId"

    async def revoke(
        self, erasure_id: str, revocation: Body, *, idempotency_key: str | None = None
    ) -> Document[t.ErasureRequest]:
        """Revoke a request in its waiting period; what was to be erased is used again."""
        return await self._send(
            "revokeErasureRequest",
            self.schema,
            path={"erasureId": erasure_id},
            body=revocation,
            idempotency_key=idempotency_key,
        )

    async def confirm(
        self, erasure_id: str, confirmation: Body, *, idempotency_key: str | None = None
    ) -> Document[t.ErasureRequest]:
        """Confirm a request after its waiting period as a second person, which erases."""
        return await self._send(
            "confirmErasureRequest",
            self.schema,
            path={"erasureId": erasure_id},
            body=confirmation,
            idempotency_key=idempotency_key,
        )

    async def access_report(self, erasure_id: str) -> Document[t.AccessReport]:
        """Return who had what of that which is to be erased, or was."""
        return await self._send("getErasureAccessReport", "access-report", path={"erasureId": erasure_id})
