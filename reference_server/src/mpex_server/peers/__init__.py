"""Peers: how this node speaks to its partners, as their client."""
