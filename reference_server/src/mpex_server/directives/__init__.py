"""Consent directives: what may be done with contributions, by whom, for which purpose, until when."""
