"""Groups: who was together, how many, and who was only mentioned."""
