"""Case messages: what nodes write to one another on a case."""
