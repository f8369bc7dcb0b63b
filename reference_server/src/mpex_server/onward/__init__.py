"""Onward sharing: what a partner released goes on to a third node, under conditions that only narrow."""
