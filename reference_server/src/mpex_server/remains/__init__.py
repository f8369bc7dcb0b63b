"""Remains units: human remains that are kept together, not necessarily of one person."""
