"""Partners as the signed registry describes them."""
