"""Small generic helpers; nothing here knows a resource, a table or the network."""
