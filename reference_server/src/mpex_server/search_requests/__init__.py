"""Search requests: what families, co-travellers and others ask a node to do."""
