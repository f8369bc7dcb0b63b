"""Reports that somebody was taken for somebody else, and the answers to them."""
