"""Searches: query by example among the records of this node, by its own staff or by a partner."""
