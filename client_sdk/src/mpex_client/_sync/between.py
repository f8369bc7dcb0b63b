# Generated from _async by tools/generators/client_sync.py; never edited.
"""Resources between people and between nodes: groups."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mpex_client._sync.paging import pages
from mpex_client._sync.resources import Creatable, Listable, Readable, Replaceable
from mpex_client._calls import Call
from mpex_client.document import Document

if TYPE_CHECKING:
    from mpex_client import types as t


class Groups(Readable["t.Group"], Listable["t.Group"], Creatable["t.Group"], Replaceable["t.Group"]):
    """Households, travel parties and boats."""

    schema, name, names, identifier = "group", "Group", "Groups", "groupId"

    def members(self, group_id: str, *, limit: int = 100) -> Iterator[Document[t.GroupMember]]:
        """Iterate over the members of a group."""
        return pages(
            self._client, "listGroupMembers", "group-member", limit, {}, path={self.identifier: group_id}
        )

    def import_members(
        self, group_id: str, members: Sequence[Mapping[str, Any]], *, directive: str | None = None
    ) -> Document[t.GroupImportResult]:
        """Register up to 500 members or bring them up to date, known by their row; one outcome for each."""
        body: dict[str, Any] = {"members": builtins.list(members)}
        if directive is not None:
            body["directive"] = directive
        path = {self.identifier: group_id}
        return self._send(
            "importGroupMembers", "group-import-result", path=path, body=body, repeatable=True
        )

    def promote_member(self, group_id: str, member_id: str, record: str) -> Document[t.GroupMember]:
        """Record that a mentioned member has a record; what the mention said is erased."""
        path = {self.identifier: group_id, "memberId": member_id}
        return self._send("promoteGroupMember", "group-member", path=path, body={"record": record})

    def erase_member(self, group_id: str, member_id: str) -> None:
        """Erase what is known of one member; its row is not taken again."""
        path = {self.identifier: group_id, "memberId": member_id}
        self._client.call(Call.of("eraseGroupMember", path=path))
