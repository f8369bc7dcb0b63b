"""Whom this node trusts: entity statements, chains to an anchor, and trust marks (OpenID Federation 1.0)."""
