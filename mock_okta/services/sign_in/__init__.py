"""Sign-in: what is due, sessions, transactions, external identity providers."""
