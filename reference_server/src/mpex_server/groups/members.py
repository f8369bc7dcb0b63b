"""Members of groups. What was said of one who has no record is a document of its own, shredded on its own.

The identifier of a member is a keyed digest of group and row, so that the same row is the same member, and
the tombstone of an erased one keeps the row from being taken again (GRP-004, GRP-005).
"""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem, not_found
from mpex_server.keys import KeyProvider
from mpex_server.kit import aead
from mpex_server.kit.ids import derived_id, new_id
from mpex_server.storage import links
from mpex_server.storage.documents import Document

KIND, DATA = "groupMember", "groupMention"
MEMBER_OF = "memberOf"
MENTIONED, REGISTERED = "mentioned", "registered"
Json = dict[str, Any]


def id_of(keys: KeyProvider, group: str, row: str) -> str:
    """Return the identifier of the member of a row."""
    return derived_id("member", aead.mac(keys.secret("identifiers"), "groupMember", group, row))


def parts(body: Json, group: str) -> tuple[str, Json, Json | None]:
    """Return status, the member's own document and what was mentioned, of a member as it was given."""
    kept = {name: value for name, value in body.items() if name != "mention"} | {"group": group}
    return REGISTERED if "record" in body else MENTIONED, kept, body.get("mention")


def add(work: Work, group: str, member_id: str, body: Json) -> None:
    """Store a member of a row that was never taken."""
    status, kept, mention = parts(body, group)
    if mention is not None:
        kept["data"] = _keep_mention(work, mention)
    work.documents.create(member_id, kept, kind=KIND, type=KIND, status=status)
    links.link(work.conn, member_id, MEMBER_OF, group)


def change(work: Work, member: Document, body: Json, *, actor: str) -> bool:
    """Bring a member up to what its row says now; False when it is the same."""
    if given(work, member) == body:
        return False
    status, kept, mention = parts(body, member.body["group"])
    _forget_mention(work, member)
    if mention is not None:
        kept["data"] = _keep_mention(work, mention)
    work.documents.replace(member, kept, reason="imported", actor=actor, status=status)
    return True


def given(work: Work, member: Document) -> Json:
    """Return a member as its row gave it."""
    body = {name: value for name, value in member.body.items() if name not in {"group", "data"}}
    data = member.body.get("data")
    mention = work.documents.get(data, DATA) if data else None
    return body | ({"mention": mention.body} if mention and mention.erased_at is None else {})


def view(work: Work, member: Document) -> Json:
    """Return a member as it is shown (group-member.json)."""
    return given(work, member) | {"memberId": member.id, "state": member.status}


def find(work: Work, group: str, member_id: str) -> Document:
    """Return a member of a group; raises Problem `notFound`."""
    member = work.documents.get(member_id, KIND)
    if member is None or member.erased_at is not None or member.body["group"] != group:
        raise not_found()
    return member


def promote(work: Work, member: Document, record: str, *, actor: str) -> Document:
    """Let a record take the place of what was mentioned, which is erased (GRP-006)."""
    if member.status == REGISTERED:
        raise Problem("conflict", "The member has a record.")
    _forget_mention(work, member)
    body = {name: value for name, value in member.body.items() if name != "data"} | {"record": record}
    return work.documents.replace(member, body, reason="promoted", actor=actor, status=REGISTERED)


def erase(work: Work, member: Document) -> Document:
    """Erase what is known of a member; its tombstone keeps the row from being taken again (GRP-005)."""
    _forget_mention(work, member)
    return work.documents.erase(member.id)


def _keep_mention(work: Work, mention: Json) -> str:
    return work.documents.create(new_id("mention"), mention, kind=DATA, type=DATA, status=MENTIONED).id


def _forget_mention(work: Work, member: Document) -> None:
    if data := member.body.get("data"):
        work.documents.erase(data)
