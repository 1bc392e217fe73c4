"""What features share: signing in, tokens, keys, claims, the outbox. No HTTP here."""
