"""The words that the org knows and no others, as types: a type checker finds one that is wrong."""

from typing import Literal

__all__ = [
    "AppType",
    "Channel",
    "FactorName",
    "FaultKind",
    "GrantType",
    "PushAnswer",
    "PushPurpose",
    "TokenName",
    "UserStatus",
    "Verb",
]

UserStatus = Literal[
    "STAGED",
    "PROVISIONED",
    "ACTIVE",
    "PASSWORD_EXPIRED",
    "LOCKED_OUT",
    "RECOVERY",
    "SUSPENDED",
    "DEPROVISIONED",
]
"""Where a user is in their life, in Okta's words."""

Verb = Literal[
    "activate",
    "reactivate",
    "deactivate",
    "suspend",
    "unsuspend",
    "unlock",
    "expire_password",
    "reset_password",
]
"""What an administrator does to a user."""

FactorName = Literal[
    "okta_password",
    "okta_question",
    "okta_sms",
    "okta_call",
    "okta_email",
    "google_otp",
    "okta_otp",
    "okta_push",
    "fido_webauthn",
]
"""Kinds of factors, as Okta's policies name them."""

AppType = Literal["spa", "web", "native", "service"]
"""What the admin console asks for first."""

GrantType = Literal[
    "authorization_code",
    "implicit",
    "refresh_token",
    "password",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
]
"""How an app gets tokens."""

Channel = Literal["email", "sms", "call", "push"]
"""By what a message reaches a user."""

PushPurpose = Literal["sign-in", "enrollment"]
"""What Okta Verify is asked for."""

PushAnswer = Literal["WAITING", "APPROVED", "REJECTED", "TIMEOUT"]
"""What became of a push."""

TokenName = Literal["access_token", "id_token"]
"""Which token a fault is for."""

FaultKind = Literal[
    "status",
    "oauth_error",
    "rate_limited",
    "delay",
    "slow_body",
    "dropped",
    "truncated_json",
    "jwks_missing",
    "jwks_stale",
    "discovery_contradicts",
    "clock_skew",
    "broken_token",
]
"""What can be planned to go wrong."""
