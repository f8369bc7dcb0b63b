"""Generated modules; never edited."""
