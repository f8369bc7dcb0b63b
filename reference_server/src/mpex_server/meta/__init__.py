"""What the node says of itself: health, metadata, and a page of its interface."""
