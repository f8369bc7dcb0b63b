"""What all documents of this node share: rules before storing, references, versions, listings, the index."""
