"""The demo: the real widget signs a user in against the org, step by step, in a real browser.

`mock-okta demo` drives it; `--stay` leaves org and app running afterwards; `--serve` runs them for
a person, without driving anything.
"""
