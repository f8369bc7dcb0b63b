"""Dental findings of a person beside those of a remains unit; it proposes, and an odontologist decides."""

from mpex_server.domain.features import sections
from mpex_server.domain.teeth import compare_teeth, findings
from mpex_server.http.context import Context
from mpex_server.persons.service import PERSONS
from mpex_server.records import service as records
from mpex_server.records.resource import Body
from mpex_server.remains.service import REMAINS


def comparison(ctx: Context, unit_id: str, person_id: str) -> Body:
    """Return how findings on the same teeth go together (REM-013); raises 404.

    Whoever may read remains may read persons (a test of the table of actions keeps it so).
    """
    person = records.find(ctx, PERSONS, person_id)
    unit = records.find(ctx, REMAINS, unit_id)
    ctx.audit("read", subject=unit, candidates=[person_id])
    in_life, after_death = (findings(sections(record.body)) for record in (person, unit))
    teeth = [
        {
            "tooth": tooth,
            "inLife": list(in_life[tooth]),
            "afterDeath": list(after_death[tooth]),
            "comparison": kind,
        }
        for tooth, kind in compare_teeth(in_life, after_death).items()
    ]
    return {"person": person_id, "remains": unit_id, "teeth": teeth}
