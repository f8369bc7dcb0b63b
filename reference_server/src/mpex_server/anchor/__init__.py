"""An anchor or intermediate of OpenID Federation 1.0: whom it vouches for, and the marks that it gives."""
