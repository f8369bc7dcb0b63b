"""The normative files of the Missing Persons Exchange, as Python objects.

root()           folder of the normative files
registry()       every schema, for validators built on `referencing`
schema(name)     one schema, by file name without `.json`
requirements()   the numbered requirements, by id
codelist(name)   one codelist, by code
openapi(role)    the description of the HTTP interface, or of the part that a role answers
"""

from mpex_spec.files import Requirement, Spec, codelist, openapi, registry, requirements, root, schema

__version__ = "1.0.0.dev0"
SPEC_VERSION = "1.0-draft"

__all__ = [
    "SPEC_VERSION",
    "Requirement",
    "Spec",
    "__version__",
    "codelist",
    "openapi",
    "registry",
    "requirements",
    "root",
    "schema",
]
