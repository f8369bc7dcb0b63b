"""Proposals: what a recipient of a release lets the custodian know about the record."""
