"""Release requests of partners: the partner's side, and the release officer's cases."""
