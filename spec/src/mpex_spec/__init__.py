"""The normative files of the Missing Persons Exchange, as Python objects.

root()           folder of the normative files
registry()       every schema, for validators built on `referencing`
schema(name)     one schema, by file name without `.json`
requirements()   the numbered requirements, by id
codelist(name)   one codelist, by code
access()         who may do what
openapi(role)    the description of the HTTP interface, or of the part that a role answers
"""

from mpex_spec.access_table import Opening
from mpex_spec.files import (
    Requirement,
    Spec,
    access,
    codelist,
    openapi,
    registry,
    requirements,
    root,
    schema,
)

__version__ = "1.0.0.dev0"
SPEC_VERSION = "1.0-draft"

__all__ = [
    "SPEC_VERSION",
    "Opening",
    "Requirement",
    "Spec",
    "__version__",
    "access",
    "codelist",
    "openapi",
    "registry",
    "requirements",
    "root",
    "schema",
]
