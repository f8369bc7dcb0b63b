"""Python client of the Missing Persons Exchange."""

__version__ = "1.0.0.dev0"
