"""What this node publishes of its holdings, and what its partners publish of theirs."""
