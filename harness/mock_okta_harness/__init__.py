"""The test harness of mock_okta: fixtures, page objects, a demo driver and a recorder.

It controls an org over HTTP, through the API at `/_mock`, so the same code works for an org in this
process, in another one or in a container. Only code that starts an org imports `mock_okta`, and
only then. Importing this package, or loading its pytest plugin, imports no browser driver and no
server.
"""
