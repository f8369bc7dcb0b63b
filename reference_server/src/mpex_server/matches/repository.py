"""Which pairs were decided to be two people; the decision itself is an encrypted document."""

from sqlalchemy import Connection, delete, select

from mpex_server.storage import tables as t

NOT_SAME = "notSame"


def not_same(conn: Connection, subject_id: str) -> set[str]:
    """Return everything that was decided not to be the same person as `subject_id`, in either order."""
    near, far = t.document_link.alias(), t.document_link.alias()
    others = (
        select(far.c.to_id)
        .join(near, near.c.from_id == far.c.from_id)
        .where(
            near.c.to_id == subject_id,
            near.c.rel == NOT_SAME,
            far.c.rel == NOT_SAME,
            far.c.to_id != subject_id,
        )
    )
    return set(conn.scalars(others))


def forget_pair(conn: Connection, one: str, other: str) -> None:
    """Lift earlier decisions `notSame` on a pair; the decisions stay on record as documents."""
    table = t.document_link
    near, far = table.alias(), table.alias()
    matches = (
        select(near.c.from_id)
        .join(far, far.c.from_id == near.c.from_id)
        .where(near.c.to_id == one, far.c.to_id == other, near.c.rel == NOT_SAME, far.c.rel == NOT_SAME)
    )
    lifted = list(conn.scalars(matches))
    conn.execute(delete(table).where(table.c.rel == NOT_SAME, table.c.from_id.in_(lifted)))
