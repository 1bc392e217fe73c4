"""Classic Engine's `/api/v1/authn` (Classic contract C; Okta's Authentication API).

Serves the sign-in state machine with password and factors, recovery, activation, and self-service
registration. Left out: passwordless sign-in, and factors of other vendors.
"""
