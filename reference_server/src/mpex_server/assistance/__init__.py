"""Assistance requests: what nodes ask one another to do."""
