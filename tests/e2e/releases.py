"""The features of the widget by release: on which ones the walks try each.

Each is tried on the oldest supported release that has it and on the newest, and on the one that the
org's own pages have by default. `docs/how-to/widget.md` shows the table to users.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

__all__ = ["EVERY", "FEATURES", "LACKING", "NEWEST", "OLDEST", "TRIED", "tries"]

OLDEST, DEFAULT, NEWEST = EVERY = ("2.21.0", "3.2.2", "7.49.0")

# A feature that the oldest release lacks -> a word of later releases' code that it lacks too.
LACKING: Mapping[str, str] = MappingProxyType(
    {
        "Okta Verify push with a number": "correctAnswer",
        "Going back from a sign-in without a password": "clearLastAuthResponse",
    }
)
FEATURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Sign-in that is resumed by a state token": EVERY,
        "User name first (IdP discovery)": EVERY,
        "Routing to identity providers": EVERY,
        "Buttons of identity providers": EVERY,
        "Sign-in without a password": EVERY,
        "Going back from a sign-in without a password": (DEFAULT, NEWEST),
        "Expired passwords": EVERY,
        "Forgotten passwords": EVERY,
        "Locked-out accounts": EVERY,
        "Codes of apps and security questions": EVERY,
        "Codes that are sent": EVERY,
        "Okta Verify push": EVERY,
        "Okta Verify push with a number": (DEFAULT, NEWEST),
        "Security keys (WebAuthn)": EVERY,
        "Remembered devices": EVERY,
        "Security image and device fingerprint": EVERY,
        "Registration": EVERY,
        "Step-up": EVERY,
        "Consent": EVERY,
        "The org's own sign-in page": EVERY,
        "Links of e-mails": EVERY,
        "Languages": EVERY,
    }
)
TRIED: set[str] = set()
"""The features that walks said they try, once their modules are imported."""


def tries(feature: str, fixture: str = "stage") -> pytest.MarkDecorator:
    """Run a walk once for each release on which the feature is tried."""
    TRIED.add(feature)
    return pytest.mark.parametrize(fixture, FEATURES[feature], indirect=True)
