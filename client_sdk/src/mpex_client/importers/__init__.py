"""Importers of files that the field already uses."""
