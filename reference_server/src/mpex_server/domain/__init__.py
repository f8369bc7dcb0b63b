"""Pure rules: consent, redaction, matching, transparency log. No clock, database, network or framework."""
