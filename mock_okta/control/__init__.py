"""`/_mock`: the test's own API over the org. Nothing of Okta's.

A resource is a module of this package with one frozen dataclass, whose fields are what it may
touch and whose `operations()` says what it serves: method, path, a summary, and the Structs of
body, query and answer (`operations.py`). To add one:

1. Define its paths and Structs in `schema.py`, which the harness reads too. The OpenAPI document
   has the Structs' names. Write the module, on the pattern of `clock.py`. Handlers read by
   `body_as` and `query_as`, raise the errors of `web/errors.py`, and return the answer's Struct,
   or None for 204.
2. Build it in `_control_resources` in `app/control.py`. Guard, JSON, and
   `GET /_mock/openapi.json` follow from that.
3. What it keeps belongs in storage, so that reset and snapshots hold it; what cannot be there is
   forgotten at both, by `OrgState.forgets`.
4. Give the harness's `Control` a method that returns the Struct.
"""
