"""Classic Engine's `/api/v1/authn` (Classic contract C; Okta's Authentication API).

Serves primary authentication with user name and password. Left out so far: every other state.
"""
