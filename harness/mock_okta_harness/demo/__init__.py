"""The demo: the real widget signs a user in to the org, step by step, in a real browser.

`mock-okta demo` runs the steps; `--stay` leaves org and app running afterwards; `--serve` only runs
org and app, for a person to use.
"""
