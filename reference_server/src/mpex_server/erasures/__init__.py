"""Requests to erase: a whole record, or what one enquirer contributed to it."""
