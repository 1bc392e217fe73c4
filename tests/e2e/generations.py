"""What each supported release of the widget does in its own way; the demo page is the same."""

from dataclasses import dataclass

import pytest

ORG_CALLS = frozenset({"GET /api/v1/sessions/me", "POST /api/v1/authn"})
SIGNED_OUT_BY_CALL = frozenset({"DELETE /api/v1/sessions/me"})
VERIFYING_CALLS = frozenset(
    {
        "GET /oauth2/default/.well-known/openid-configuration",
        "GET /oauth2/default/v1/keys",
    }
)
CODE_CALLS = frozenset({"POST /oauth2/default/v1/token", "POST /oauth2/default/v1/revoke"})


@dataclass(frozen=True, kw_only=True)
class Generation:
    """A release: what its redirect brings, what it checks, which calls it makes, what it says.

    `frames`: hidden frames of one renewal of both tokens. `calls`: all JSON calls of a sign-in, a
    renewal and a sign-out.
    """

    widget: str
    brings: frozenset[str]
    verified: str
    frames: int
    calls: frozenset[str]
    refused: str
    unreachable: str

    def __str__(self) -> str:
        return self.widget


TOKENS = frozenset({"access_token", "id_token"})
CODE = frozenset({"code"})

QUICK = "3.2.2"
GENERATIONS = (
    Generation(
        widget="2.21.0",
        brings=TOKENS,
        verified="claims",
        frames=2,
        calls=ORG_CALLS | SIGNED_OUT_BY_CALL,
        refused="Sign in failed!",
        unreachable="Unable to connect to the server",
    ),
    Generation(
        widget="3.2.2",
        brings=TOKENS,
        verified="signature",
        frames=1,
        calls=ORG_CALLS | SIGNED_OUT_BY_CALL | VERIFYING_CALLS,
        refused="Sign in failed!",
        unreachable="There was an unexpected internal error",
    ),
    Generation(
        widget="5.16.1",
        brings=CODE,
        verified="signature",
        frames=1,
        calls=ORG_CALLS | VERIFYING_CALLS | CODE_CALLS,
        refused="Unable to sign in",
        unreachable="There was an unexpected internal error",
    ),
    Generation(
        widget="7.49.0",
        brings=CODE,
        verified="signature",
        frames=1,
        calls=ORG_CALLS | VERIFYING_CALLS | CODE_CALLS,
        refused="Unable to sign in",
        unreachable="We found some errors",
    ),
)


def _tried_on(*found: Generation) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("generation", found, ids=str)


# The walk from start to finish. The quick tier keeps one of them.
every_generation = pytest.mark.parametrize(
    "generation",
    [
        pytest.param(one, marks=[pytest.mark.quick] if one.widget == QUICK else [])
        for one in GENERATIONS
    ],
    ids=str,
)
# All else: what the oldest and the newest do, those between them do too.
oldest_and_newest = _tried_on(GENERATIONS[0], GENERATIONS[-1])
# 2.x checks claims alone; from 3.2.2 up the page's own library checks the signature too.
_VERIFYING = [one for one in GENERATIONS if one.verified == "signature"]
oldest_and_newest_verifying = _tried_on(_VERIFYING[0], _VERIFYING[-1])
# From 5.x up, signing out goes through the org's logout endpoint.
_REDIRECTING = [one for one in GENERATIONS if one.brings == CODE]
oldest_and_newest_redirecting = _tried_on(_REDIRECTING[0], _REDIRECTING[-1])
