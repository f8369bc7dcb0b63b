"""Disclosures: what left this node, to whom, for which purpose and under which directives."""
