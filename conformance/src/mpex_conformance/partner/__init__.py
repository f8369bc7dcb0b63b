"""A mock partner node on loopback: the other side of searches, releases and recalls."""
