"""Partner release requests: this node asks a partner to release more, and collects what was approved."""
