"""What features share: sign-in, tokens, keys, claims, the outbox. No HTTP here."""
