"""Access reports: for a family, who had what."""
