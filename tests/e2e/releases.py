"""The features of the widget by release: on which ones the walks try each.

Each is tried on the oldest supported release that has it and on the newest. The org's own sign-in
page is tried on the release of the quickstart, too. `docs/how-to/widget.md` shows the table.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from mock_okta import Config

__all__ = [
    "CLASSIC",
    "ENDS",
    "EVERY",
    "FEATURES",
    "LACKING",
    "NEWEST",
    "OLDEST",
    "TRIED",
    "tries",
]

OLDEST, DEFAULT, NEWEST = EVERY = ("2.21.0", "3.2.2", "7.49.0")
ENDS = (OLDEST, NEWEST)
CLASSIC = Config(engine="classic", widget_version=DEFAULT)
"""The org of walks that try Classic Engine, with the release of the quickstart."""

# A feature that the oldest release lacks -> a word of later releases' code that it lacks too.
LACKING: Mapping[str, str] = MappingProxyType(
    {
        "Okta Verify push with a number": "correctAnswer",
        "Going back from a sign-in without a password": "clearLastAuthResponse",
    }
)
FEATURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Sign-in that is resumed by a state token": ENDS,
        "User name first (IdP discovery)": ENDS,
        "Routing to identity providers": ENDS,
        "Buttons of identity providers": ENDS,
        "Sign-in without a password": ENDS,
        "Going back from a sign-in without a password": (DEFAULT, NEWEST),
        "Expired passwords": ENDS,
        "Forgotten passwords": ENDS,
        "Locked-out accounts": ENDS,
        "Codes of apps and security questions": ENDS,
        "Codes that are sent": ENDS,
        "Okta Verify push": ENDS,
        "Okta Verify push with a number": (DEFAULT, NEWEST),
        "Security keys (WebAuthn)": ENDS,
        "Remembered devices": ENDS,
        "Security image and device fingerprint": ENDS,
        "Registration": ENDS,
        "Step-up": ENDS,
        "Consent": ENDS,
        "The org's own sign-in page": EVERY,
        "Links of e-mails": ENDS,
        "Languages": ENDS,
    }
)
TRIED: set[str] = set()
"""The features that walks said they try, once their modules are imported."""


def tries(feature: str, fixture: str = "stage") -> pytest.MarkDecorator:
    """Run a walk once for each release on which the feature is tried."""
    TRIED.add(feature)
    return pytest.mark.parametrize(fixture, FEATURES[feature], indirect=True)
