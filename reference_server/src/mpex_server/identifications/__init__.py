"""Identifications: decisions on identity by a competent authority, and the embargo until the family knows."""
