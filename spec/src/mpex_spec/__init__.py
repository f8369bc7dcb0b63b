"""The normative files of the Missing Persons Exchange, as Python objects."""

__version__ = "1.0.0.dev0"
SPEC_VERSION = "1.0-draft"
