"""Files that the field already uses, written from what a node holds."""
