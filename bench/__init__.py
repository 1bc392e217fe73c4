"""How fast the org is, as ratios to the time of an RSA-2048 signature on this machine.

`python -m bench` measures, prints a table and writes JSON; `--compare FILE` compares with an
earlier run. This process sends the loads over loopback; the org runs in another process, in its
default configuration. Every token is verified afterwards, and no two may have the same `jti`.
"""
