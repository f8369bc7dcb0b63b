"""Tasks: what waits for a person, and the choice of a located person."""
