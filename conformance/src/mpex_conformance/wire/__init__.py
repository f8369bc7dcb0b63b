"""The wire: plain HTTP, tokens and proofs, the contract, and the record of every exchange."""
