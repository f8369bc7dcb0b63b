"""Recalls: withdrawal of consent, the durable outbox, and the receipts of recipients."""
