"""Seeding: how an org is filled, added to, reset and taken from."""
