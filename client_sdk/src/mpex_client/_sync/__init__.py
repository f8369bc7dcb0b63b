# Generated from _async by tools/generators/client_sync.py; never edited.
"""The asynchronous client; the blocking one is generated from it."""
