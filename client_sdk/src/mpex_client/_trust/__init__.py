"""Whom to trust: chains of entity statements to a chosen anchor, and the marks that a node shows.

Annex B of the standard says which part of OpenID Federation 1.0 this is. Nothing here sends anything: what is
needed is asked for by generators of `Ask`, and `_async.discovery` fetches it.
"""
