"""Classic Engine's `/api/v1/authn` (facts/classic C; Okta's Authentication API).

Serves the sign-in state machine (with password and factors, or factors only), recovery, activation
and self-service registration. Left out: factors of other vendors.
"""
