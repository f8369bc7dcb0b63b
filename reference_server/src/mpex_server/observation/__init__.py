"""Metrics and traces for who runs the node: numbers and times, never an identifier or a word of a case."""
