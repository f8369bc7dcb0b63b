"""Partner searches: a query that this node sends to named partners, which is a disclosure of its own."""
