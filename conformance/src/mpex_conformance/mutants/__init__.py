"""Proof that the suite can fail: broken nodes that must be caught, and the gates that catch them."""
