"""Runs an org as a process: server, proxy, child commands, TLS, trust, logs."""
