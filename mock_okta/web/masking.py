"""Masks secrets in the log: one-time and API tokens in paths, secrets and tokens in queries."""

import re

__all__ = ["masked"]

_MASK = "***"
_LONGEST = 2000
_PLACES = re.compile(
    r"(/(?:welcome|email/verify|signin/[\w-]+|_mock/api_tokens|_mock/sessions)/)[^/?#&\s'\"]+",
    re.ASCII,
)
# Possessive quantifiers: no text is scanned more than once.
_PARAMETERS = re.compile(r"\b(\w++)(=|%3D)([^&#\s'\"]++)", re.ASCII | re.IGNORECASE)
_SECRET = frozenset(
    {
        "access_token",
        "activation_token",
        "activationtoken",
        "actor_token",
        "assertion",
        "client_assertion",
        "client_secret",
        "code",
        "code_verifier",
        "device_code",
        "id_token",
        "id_token_hint",
        "interaction_code",
        "interaction_handle",
        "okta_key",
        "otp",
        "password",
        "recovery_token",
        "recoverytoken",
        "refresh_token",
        "request",
        "session_token",
        "sessiontoken",
        "state_token",
        "statetoken",
        "subject_token",
        "token",
    }
)


def masked(text: str) -> str:
    """Return a path or a remark for the log: without secrets, and not too long."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    shown = _PLACES.sub(_cut_off, cut)
    return _PARAMETERS.sub(_named, shown) if "=" in shown or "%3" in shown else shown


def _cut_off(found: re.Match[str]) -> str:
    return f"{found[1]}{_MASK}"


def _named(found: re.Match[str]) -> str:
    name, sign, value = found.groups()
    return f"{name}{sign}{_MASK if name.lower() in _SECRET else value}"
