"""Keeping a node: what is checked, backed up, restored and put under new keys by command."""
