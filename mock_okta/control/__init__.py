"""`/_mock`: the test's own API over the org. It is not part of Okta.

A resource is a frozen Struct in a module of this package: its fields are what it may use, and its
`operations()` says what it serves: method, path, summary, handler, and the Structs of body, query
and answer (`operations.py`). To add one:

1. Define its paths in `paths.py` and its Structs in `schema.py`; the harness uses both. The OpenAPI
   document has the Structs' names. Write the module like `clock.py`. Handlers read with `body_as`
   and `query_as`, raise the errors of `web/errors.py`, and return the answer's Struct, or None for
   204.
2. Build it in `routes.py`. Guard, JSON and `GET /_mock/openapi.json` follow from that.
3. Keep its state in the storage: a reset then clears it, and snapshots contain it.
4. Give the harness's `Control` a method that returns the Struct.
"""
