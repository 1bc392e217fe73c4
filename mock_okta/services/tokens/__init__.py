"""Tokens: claims, signing keys, issue, verification, revocation, access."""
