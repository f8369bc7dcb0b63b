"""All tables. Instants are text in wire form (they sort); bodies are sealed bytes unless noted."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_ID = String(64)
_CODE = String(64)
_INSTANT = String(20)
_ENTITY = String(300)
# SQLite gives a row number only to a column typed exactly INTEGER.
_SERIAL = BigInteger().with_variant(Integer, "sqlite")

document = Table(
    "document",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", _CODE, nullable=False),
    Column("type", _CODE, nullable=False),
    Column("status", _CODE, nullable=False),
    Column("version", Integer, nullable=False),
    Column("owner", _ID),
    Column("sealed", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("content_mac", LargeBinary, nullable=False),
    Column("created_at", _INSTANT, nullable=False),
    Column("updated_at", _INSTANT, nullable=False),
    Column("erased_at", _INSTANT),
)
# Without statistics PostgreSQL takes a whole index for as good as the key, unless it is a partial one.
Index(
    None,
    document.c.kind,
    document.c.created_at,
    document.c.id,
    postgresql_where=document.c.kind.is_not(None),
)
Index(
    None,
    document.c.owner,
    document.c.kind,
    sqlite_where=document.c.owner.is_not(None),
    postgresql_where=document.c.owner.is_not(None),
)
document_version = Table(
    "document_version",
    metadata,
    Column("document_id", _ID, ForeignKey("document.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("reason", _CODE, nullable=False),
    Column("actor", _ID, nullable=False),
    Column("at", _INSTANT, nullable=False),
)
document_key = Table(
    "document_key",
    metadata,
    Column("document_id", _ID, ForeignKey("document.id"), primary_key=True),
    Column("kek_id", _ID, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)
document_link = Table(
    "document_link",
    metadata,
    Column("from_id", _ID, ForeignKey("document.id"), primary_key=True),
    Column("rel", _CODE, primary_key=True),
    Column("to_id", _ID, primary_key=True),
    Index(None, "to_id", "rel"),
)
document_end = Table(
    "document_end",
    metadata,
    Column("document_id", _ID, ForeignKey("document.id"), primary_key=True),
    Column("at", _INSTANT, nullable=False, index=True),
)
source_key = Table(
    "source_key",
    metadata,
    Column("system", _CODE, primary_key=True),
    Column("source_id", String(256), primary_key=True),
    Column("document_id", _ID, ForeignKey("document.id"), nullable=False, index=True),
)
index_token = Table(
    "index_token",
    metadata,
    Column("token", BigInteger, primary_key=True),
    Column("document_id", _ID, ForeignKey("document.id"), primary_key=True),
    Index(None, "document_id"),
    sqlite_with_rowid=False,
)
index_feature = Table(
    "index_feature",
    metadata,
    Column("document_id", _ID, ForeignKey("document.id"), primary_key=True),
    Column("blob", LargeBinary, nullable=False),
    Column("mask", BigInteger, nullable=False),
)
disclosure = Table(
    "disclosure",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", _CODE, nullable=False),
    Column("document_id", _ID, ForeignKey("document.id"), nullable=False, index=True),
    Column("directive_ids", Text, nullable=False),
    Column("partner", _ID, nullable=False, index=True),
    Column("purpose", _CODE, nullable=False),
    Column("categories", Text, nullable=False),
    Column("reference_id", _ID, index=True),
    Column("at", _INSTANT, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("leaf_id", _ID, nullable=False),
    Column("through_id", _ID, index=True),
    Column("parts", Text, nullable=False),
    Column("parts_gone", Text, nullable=False),
)
disclosure_directive = Table(
    "disclosure_directive",
    metadata,
    Column("directive_id", _ID, primary_key=True),
    Column("disclosure_id", _ID, ForeignKey("disclosure.id"), primary_key=True),
    sqlite_with_rowid=False,
)
spent = Table(
    "spent",
    metadata,
    Column("partner", _ID, primary_key=True),
    Column("kind", _CODE, primary_key=True),
    Column("case_token", _ID, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("used", Integer, nullable=False),
)
search_surge = Table(
    "search_surge",
    metadata,
    Column("document_id", _ID, ForeignKey("document.id"), primary_key=True),
    Column("partner", _ID),
    Column("per_day", Integer, nullable=False),
    Column("until", _INSTANT, nullable=False, index=True),
)
standing_digest = Table(
    "standing_digest",
    metadata,
    Column("partner", _ID, primary_key=True),
    Column("day", String(10), primary_key=True),
)
duplicate_check = Table(
    "duplicate_check",
    metadata,
    Column("document_id", _ID, ForeignKey("document.id"), primary_key=True),
    Column("at", _INSTANT, nullable=False, index=True),
)
search_touch = Table(
    "search_touch",
    metadata,
    Column("document_id", _ID, ForeignKey("document.id"), primary_key=True),
    Column("partner", _ID, primary_key=True),
    Column("query", String(43), primary_key=True),
    Column("at", _INSTANT, nullable=False, index=True),
    Column("reported", Boolean, nullable=False),
)
wrong_code = Table(
    "wrong_code",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("client_id", String(128), nullable=False),
    Column("at", _INSTANT, nullable=False),
    Index(None, "client_id", "at"),
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("partner", _ID, nullable=False),
    Column("event_type", _CODE, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("subject_id", _ID, nullable=False, index=True),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("created_at", _INSTANT, nullable=False),
    Column("next_attempt", _INSTANT, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("acked_at", _INSTANT),
    Column("last_error", _CODE),
    Index(None, "acked_at", "next_attempt"),
)
inbox = Table(
    "inbox",
    metadata,
    Column("issuer", _ID, primary_key=True),
    Column("jti", String(128), primary_key=True),
    Column("event_type", _CODE, nullable=False),
    Column("subject_id", _ID),
    Column("state", _CODE, nullable=False),
    Column("sequence", Integer, nullable=False, server_default="1"),
    Column("at", _INSTANT, nullable=False),
)
task = Table(
    "task",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", _CODE, nullable=False),
    Column("document_id", _ID, ForeignKey("document.id"), index=True),
    Column("due_at", _INSTANT, nullable=False),
    Column("escalated_at", _INSTANT),
    Column("state", _CODE, nullable=False),
    Column("body", LargeBinary),
    Index(None, "state", "due_at"),
)
audit_leaf = Table(
    "audit_leaf",
    metadata,
    Column("serial", _SERIAL, primary_key=True, autoincrement=True),
    Column("id", _ID, nullable=False, unique=True),
    Column("at", _INSTANT, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("position", BigInteger, unique=True),
    sqlite_autoincrement=True,
)
Index(
    "ix_audit_leaf_pending",
    audit_leaf.c.serial,
    sqlite_where=audit_leaf.c.position.is_(None),
    postgresql_where=audit_leaf.c.position.is_(None),
)
log_node = Table(
    "log_node",
    metadata,
    Column("level", Integer, primary_key=True),
    Column("idx", BigInteger, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
)
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", _INSTANT, nullable=False),
)
irreversible = Table(
    "irreversible",
    metadata,
    Column("serial", _SERIAL, primary_key=True, autoincrement=True),
    Column("document_id", _ID, nullable=False),
    Column("version", Integer, nullable=False),
    Column("erased", Boolean, nullable=False),
    Column("at", _INSTANT, nullable=False),
    sqlite_autoincrement=True,
)
replay = Table(
    "replay",
    metadata,
    Column("value", LargeBinary, primary_key=True),
    Column("expires", BigInteger, nullable=False, index=True),
)
idempotency = Table(
    "idempotency",
    metadata,
    Column("client_id", _ID, primary_key=True),
    Column("operation", _CODE, primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("body_mac", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("document_id", _ID),
    Column("expires", _INSTANT, nullable=False, index=True),
)
oauth_client = Table(
    "oauth_client",
    metadata,
    Column("client_id", String(128), primary_key=True),
    Column("person", String(128), nullable=False),
    Column("roles", Text, nullable=False),
    Column("jwks", Text, nullable=False),
    Column("status", _CODE, nullable=False),
    Column("created_at", _INSTANT, nullable=False),
)
partner = Table(
    "partner",
    metadata,
    Column("node_id", _ID, primary_key=True),
    Column("entry", Text, nullable=False),
    Column("configuration", Text),
    Column("judged", Text),
    Column("status", _CODE, nullable=False),
    Column("fault", _CODE),
    Column("epoch", _CODE),
    Column("valid_until", _INSTANT),
    Column("recall_at", _INSTANT),
    Column("looked_at", _INSTANT),
    Column("updated_at", _INSTANT, nullable=False),
)
veto = Table(
    "veto",
    metadata,
    Column("node_id", _ID, primary_key=True),
    Column("sign", String(300), primary_key=True),
    Index(None, "sign"),
)
holding = Table(
    "holding",
    metadata,
    Column("node_id", _ID, primary_key=True),
    Column("due_at", _INSTANT, nullable=False),
    Column("body", Text),
)
trust_anchor = Table(
    "trust_anchor",
    metadata,
    Column("entity", _ENTITY, primary_key=True),
    Column("jwks", Text, nullable=False),
    Column("due_at", _INSTANT, nullable=False),
)
followed_log = Table(
    "followed_log",
    metadata,
    Column("entity", _ENTITY, primary_key=True),
    Column("key", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("subtrees", LargeBinary, nullable=False),
    Column("fault", Text),
    Column("read_at", _INSTANT, nullable=False),
    Column("tried_at", _INSTANT, nullable=False),
)
log_decision = Table(
    "log_decision",
    metadata,
    Column("log", _ENTITY, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("body", Text, nullable=False),
)
own_mark = Table(
    "own_mark",
    metadata,
    Column("kind", _CODE, primary_key=True),
    Column("token", Text, nullable=False),
    Column("expires_at", _INSTANT, nullable=False),
)
enrolment = Table(
    "enrolment",
    metadata,
    Column("entity", _ENTITY, primary_key=True),
    Column("jwks", Text, nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("intermediate", Boolean, nullable=False),
    Column("at", _INSTANT, nullable=False),
)
accreditation = Table(
    "accreditation",
    metadata,
    Column("kind", _CODE, primary_key=True),
    Column("entity", _ENTITY, primary_key=True),
)
issued_mark = Table(
    "issued_mark",
    metadata,
    Column("mark_id", _ID, primary_key=True),
    Column("entity", _ENTITY, nullable=False),
    Column("kind", _CODE, nullable=False),
    Column("kid", String(128), nullable=False),
    Column("issued_at", _INSTANT, nullable=False),
    Column("expires_at", _INSTANT, nullable=False),
    Column("revoked_at", _INSTANT),
    Index(None, "entity", "kind"),
)
