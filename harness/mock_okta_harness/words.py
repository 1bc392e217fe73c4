"""Words for arguments: a type checker finds one that the org does not know."""

from typing import Literal

__all__ = [
    "AppType",
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

AppType = Literal["spa", "web", "native", "service"]
"""What the admin console asks for first."""
