"""Known members of the sections of a record and known codes, read from the specification once."""

from functools import lru_cache

import mpex_spec

from mpex_server.domain.shapes import Shapes, section_shapes

_FILES = ("sections", "common", "remains-unit")


@lru_cache(maxsize=1)
def section_members() -> Shapes:
    """Return what may ever leave of each section; everything else stays with the home node (REC-006)."""
    return section_shapes({f"{name}.json": mpex_spec.schema(name) for name in _FILES})
