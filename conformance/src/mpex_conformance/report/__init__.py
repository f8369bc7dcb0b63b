"""Reports made from the one result tree."""
