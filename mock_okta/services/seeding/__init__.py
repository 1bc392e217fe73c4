"""Seeding: filling an org, adding to it, removing from it, resetting it."""
