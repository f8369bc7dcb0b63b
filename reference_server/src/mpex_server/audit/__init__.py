"""Tamper-evident record of every use: entries, the sequencer that orders them, and the log's operations."""
