"""Partners as the anchors vouch for them."""
