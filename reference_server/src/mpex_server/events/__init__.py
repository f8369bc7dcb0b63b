"""Events: signed security event tokens that partners push to this node (RFC 8417, RFC 8935)."""
