"""How fast the org is, as ratios to what the machine needs for its RSA-2048 signatures.

`python -m bench` measures, prints a table and writes JSON; `--compare FILE` sets it beside an
earlier run. Loads come over loopback from this process; the org is a process of its own, in its
default configuration. Every token is verified afterwards, and no two may have the same `jti`.
"""
