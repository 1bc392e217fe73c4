"""Middleware for every request: logging, origins, limits, faults, rendering of errors."""
