"""Peers: how this node speaks to partners of the registry, as their client."""
