"""Custody transfers: records that pass from one node to another."""
