"""Derived from `storage/tables.py` by `make derived`; never edited."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables of the first schema."""
    op.create_table('accreditation',
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('entity', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'entity', name=op.f('pk_accreditation'))
    )
    op.create_table('audit_leaf',
    sa.Column('serial', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('serial', name=op.f('pk_audit_leaf')),
    sa.UniqueConstraint('id', name=op.f('uq_audit_leaf_id')),
    sa.UniqueConstraint('position', name=op.f('uq_audit_leaf_position')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_audit_leaf_pending', 'audit_leaf', ['serial'], unique=False, sqlite_where=sa.text('position IS NULL'), postgresql_where=sa.text('position IS NULL'))
    op.create_table('checkpoint',
    sa.Column('size', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('root', sa.LargeBinary(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_checkpoint'))
    )
    op.create_table('document',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('type', sa.String(length=64), nullable=False),
    sa.Column('status', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('owner', sa.String(length=64), nullable=True),
    sa.Column('sealed', sa.Boolean(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('content_mac', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.String(length=20), nullable=False),
    sa.Column('updated_at', sa.String(length=20), nullable=False),
    sa.Column('erased_at', sa.String(length=20), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document'))
    )
    op.create_index(op.f('ix_document_kind_created_at_id'), 'document', ['kind', 'created_at', 'id'], unique=False, postgresql_where=sa.text('kind IS NOT NULL'))
    op.create_index(op.f('ix_document_owner_kind'), 'document', ['owner', 'kind'], unique=False, sqlite_where=sa.text('owner IS NOT NULL'), postgresql_where=sa.text('owner IS NOT NULL'))
    op.create_table('enrolment',
    sa.Column('entity', sa.String(length=300), nullable=False),
    sa.Column('jwks', sa.Text(), nullable=False),
    sa.Column('issued', sa.BigInteger(), nullable=False),
    sa.Column('intermediate', sa.Boolean(), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('entity', name=op.f('pk_enrolment'))
    )
    op.create_table('followed_log',
    sa.Column('entity', sa.String(length=300), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('subtrees', sa.LargeBinary(), nullable=False),
    sa.Column('fault', sa.Text(), nullable=True),
    sa.Column('read_at', sa.String(length=20), nullable=False),
    sa.Column('tried_at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('entity', name=op.f('pk_followed_log'))
    )
    op.create_table('holding',
    sa.Column('node_id', sa.String(length=64), nullable=False),
    sa.Column('due_at', sa.String(length=20), nullable=False),
    sa.Column('body', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('node_id', name=op.f('pk_holding'))
    )
    op.create_table('idempotency',
    sa.Column('client_id', sa.String(length=64), nullable=False),
    sa.Column('operation', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=128), nullable=False),
    sa.Column('body_mac', sa.LargeBinary(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('document_id', sa.String(length=64), nullable=True),
    sa.Column('expires', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('client_id', 'operation', 'key', name=op.f('pk_idempotency'))
    )
    op.create_index(op.f('ix_idempotency_expires'), 'idempotency', ['expires'], unique=False)
    op.create_table('inbox',
    sa.Column('issuer', sa.String(length=64), nullable=False),
    sa.Column('jti', sa.String(length=128), nullable=False),
    sa.Column('event_type', sa.String(length=64), nullable=False),
    sa.Column('subject_id', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('sequence', sa.Integer(), server_default='1', nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('issuer', 'jti', name=op.f('pk_inbox'))
    )
    op.create_table('irreversible',
    sa.Column('serial', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('erased', sa.Boolean(), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('serial', name=op.f('pk_irreversible')),
    sqlite_autoincrement=True
    )
    op.create_table('issued_mark',
    sa.Column('mark_id', sa.String(length=64), nullable=False),
    sa.Column('entity', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('kid', sa.String(length=128), nullable=False),
    sa.Column('issued_at', sa.String(length=20), nullable=False),
    sa.Column('expires_at', sa.String(length=20), nullable=False),
    sa.Column('revoked_at', sa.String(length=20), nullable=True),
    sa.PrimaryKeyConstraint('mark_id', name=op.f('pk_issued_mark'))
    )
    op.create_index(op.f('ix_issued_mark_entity_kind'), 'issued_mark', ['entity', 'kind'], unique=False)
    op.create_table('log_decision',
    sa.Column('log', sa.String(length=300), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('log', 'position', name=op.f('pk_log_decision'))
    )
    op.create_table('log_node',
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('idx', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('level', 'idx', name=op.f('pk_log_node'))
    )
    op.create_table('oauth_client',
    sa.Column('client_id', sa.String(length=128), nullable=False),
    sa.Column('person', sa.String(length=128), nullable=False),
    sa.Column('roles', sa.Text(), nullable=False),
    sa.Column('jwks', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('client_id', name=op.f('pk_oauth_client'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('partner', sa.String(length=64), nullable=False),
    sa.Column('event_type', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('subject_id', sa.String(length=64), nullable=False),
    sa.Column('sequence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created_at', sa.String(length=20), nullable=False),
    sa.Column('next_attempt', sa.String(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('acked_at', sa.String(length=20), nullable=True),
    sa.Column('last_error', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    op.create_index(op.f('ix_outbox_acked_at_next_attempt'), 'outbox', ['acked_at', 'next_attempt'], unique=False)
    op.create_index(op.f('ix_outbox_subject_id'), 'outbox', ['subject_id'], unique=False)
    op.create_table('own_mark',
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_own_mark'))
    )
    op.create_table('partner',
    sa.Column('node_id', sa.String(length=64), nullable=False),
    sa.Column('entry', sa.Text(), nullable=False),
    sa.Column('configuration', sa.Text(), nullable=True),
    sa.Column('judged', sa.Text(), nullable=True),
    sa.Column('status', sa.String(length=64), nullable=False),
    sa.Column('fault', sa.String(length=64), nullable=True),
    sa.Column('epoch', sa.String(length=64), nullable=True),
    sa.Column('valid_until', sa.String(length=20), nullable=True),
    sa.Column('recall_at', sa.String(length=20), nullable=True),
    sa.Column('looked_at', sa.String(length=20), nullable=True),
    sa.Column('updated_at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('node_id', name=op.f('pk_partner'))
    )
    op.create_table('replay',
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('value', name=op.f('pk_replay'))
    )
    op.create_index(op.f('ix_replay_expires'), 'replay', ['expires'], unique=False)
    op.create_table('spent',
    sa.Column('partner', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('case_token', sa.String(length=64), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('partner', 'kind', 'case_token', 'day', name=op.f('pk_spent'))
    )
    op.create_table('standing_digest',
    sa.Column('partner', sa.String(length=64), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('partner', 'day', name=op.f('pk_standing_digest'))
    )
    op.create_table('trust_anchor',
    sa.Column('entity', sa.String(length=300), nullable=False),
    sa.Column('jwks', sa.Text(), nullable=False),
    sa.Column('due_at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('entity', name=op.f('pk_trust_anchor'))
    )
    op.create_table('veto',
    sa.Column('node_id', sa.String(length=64), nullable=False),
    sa.Column('sign', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('node_id', 'sign', name=op.f('pk_veto'))
    )
    op.create_index(op.f('ix_veto_sign'), 'veto', ['sign'], unique=False)
    op.create_table('wrong_code',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('client_id', sa.String(length=128), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wrong_code'))
    )
    op.create_index(op.f('ix_wrong_code_client_id_at'), 'wrong_code', ['client_id', 'at'], unique=False)
    op.create_table('disclosure',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('directive_ids', sa.Text(), nullable=False),
    sa.Column('partner', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=64), nullable=False),
    sa.Column('categories', sa.Text(), nullable=False),
    sa.Column('reference_id', sa.String(length=64), nullable=True),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('leaf_id', sa.String(length=64), nullable=False),
    sa.Column('through_id', sa.String(length=64), nullable=True),
    sa.Column('parts', sa.Text(), nullable=False),
    sa.Column('parts_gone', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_disclosure_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure'))
    )
    op.create_index(op.f('ix_disclosure_document_id'), 'disclosure', ['document_id'], unique=False)
    op.create_index(op.f('ix_disclosure_partner'), 'disclosure', ['partner'], unique=False)
    op.create_index(op.f('ix_disclosure_reference_id'), 'disclosure', ['reference_id'], unique=False)
    op.create_index(op.f('ix_disclosure_through_id'), 'disclosure', ['through_id'], unique=False)
    op.create_table('document_end',
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_end_document_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_document_end'))
    )
    op.create_index(op.f('ix_document_end_at'), 'document_end', ['at'], unique=False)
    op.create_table('document_key',
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('kek_id', sa.String(length=64), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_key_document_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_document_key'))
    )
    op.create_table('document_link',
    sa.Column('from_id', sa.String(length=64), nullable=False),
    sa.Column('rel', sa.String(length=64), nullable=False),
    sa.Column('to_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['from_id'], ['document.id'], name=op.f('fk_document_link_from_id')),
    sa.PrimaryKeyConstraint('from_id', 'rel', 'to_id', name=op.f('pk_document_link'))
    )
    op.create_index(op.f('ix_document_link_to_id_rel'), 'document_link', ['to_id', 'rel'], unique=False)
    op.create_table('document_version',
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('reason', sa.String(length=64), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_version_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'version', name=op.f('pk_document_version'))
    )
    op.create_table('duplicate_check',
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_duplicate_check_document_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_duplicate_check'))
    )
    op.create_index(op.f('ix_duplicate_check_at'), 'duplicate_check', ['at'], unique=False)
    op.create_table('index_feature',
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=False),
    sa.Column('mask', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_index_feature_document_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_index_feature'))
    )
    op.create_table('index_token',
    sa.Column('token', sa.BigInteger(), nullable=False),
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_index_token_document_id')),
    sa.PrimaryKeyConstraint('token', 'document_id', name=op.f('pk_index_token')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_index_token_document_id'), 'index_token', ['document_id'], unique=False)
    op.create_table('search_surge',
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('partner', sa.String(length=64), nullable=True),
    sa.Column('per_day', sa.Integer(), nullable=False),
    sa.Column('until', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_search_surge_document_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_search_surge'))
    )
    op.create_index(op.f('ix_search_surge_until'), 'search_surge', ['until'], unique=False)
    op.create_table('search_touch',
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.Column('partner', sa.String(length=64), nullable=False),
    sa.Column('query', sa.String(length=43), nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.Column('reported', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_search_touch_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'partner', 'query', name=op.f('pk_search_touch'))
    )
    op.create_index(op.f('ix_search_touch_at'), 'search_touch', ['at'], unique=False)
    op.create_table('source_key',
    sa.Column('system', sa.String(length=64), nullable=False),
    sa.Column('source_id', sa.String(length=256), nullable=False),
    sa.Column('document_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_source_key_document_id')),
    sa.PrimaryKeyConstraint('system', 'source_id', name=op.f('pk_source_key'))
    )
    op.create_index(op.f('ix_source_key_document_id'), 'source_key', ['document_id'], unique=False)
    op.create_table('task',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('document_id', sa.String(length=64), nullable=True),
    sa.Column('due_at', sa.String(length=20), nullable=False),
    sa.Column('escalated_at', sa.String(length=20), nullable=True),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_task_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    op.create_index(op.f('ix_task_document_id'), 'task', ['document_id'], unique=False)
    op.create_index(op.f('ix_task_state_due_at'), 'task', ['state', 'due_at'], unique=False)
    op.create_table('disclosure_directive',
    sa.Column('directive_id', sa.String(length=64), nullable=False),
    sa.Column('disclosure_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['disclosure_id'], ['disclosure.id'], name=op.f('fk_disclosure_directive_disclosure_id')),
    sa.PrimaryKeyConstraint('directive_id', 'disclosure_id', name=op.f('pk_disclosure_directive')),
    sqlite_with_rowid=False
    )
