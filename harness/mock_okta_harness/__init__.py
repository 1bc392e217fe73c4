"""The test harness of mock_okta: fixtures, page objects, a demo driver and a recorder.

It speaks HTTP to an org, through the control API at `/_mock`, so the same code drives an org in
this process, in another one or in a container. Only what starts an org imports `mock_okta`, and
only when it does so. Importing this package, or loading its pytest plugin, imports no browser
driver and no server.
"""
