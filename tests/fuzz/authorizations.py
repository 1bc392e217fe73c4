"""The tests' own idea of what /authorize gives to the user LOGIN, who has just signed in."""

import re
from collections.abc import Mapping

from mock_okta import SeedClient
from tests.fuzz.registered import may_be_asked_of_users

_MODES = (None, "query", "fragment", "form_post", "okta_post_message")
_CODE_MODES, _TOKEN_MODES = frozenset(_MODES), frozenset(_MODES) - {"query"}
_STATE = re.compile("[ -~]+")  # RFC 6749 A.5
_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_granted(client: SeedClient, asked: Mapping[str, str]) -> bool:
    """facts/oauth C.1 to C.5: whether codes or tokens come for these parameters, each given once.

    No scope of the fuzzed org needs consent, so `prompt=consent` asks for none (C.10).
    """
    kinds = set(asked.get("response_type", "").split())
    needed = {"authorization_code" if kind == "code" else "implicit" for kind in kinds}
    modes = _CODE_MODES if kinds == {"code"} else _TOKEN_MODES
    scopes = frozenset(asked.get("scope", "").split())
    return (
        asked.get("redirect_uri") in client.login_redirect_uris
        and bool(kinds)
        and kinds <= {"code", "token", "id_token"}
        and needed <= set(client.grant_types or ())
        and not (client.dpop_bound_access_tokens and "token" in kinds)
        and asked.get("response_mode") in modes
        and _STATE.fullmatch(asked.get("state", "")) is not None
        and ("id_token" not in kinds or ("nonce" in asked and "openid" in scopes))
        and _is_challenged(client, asked, kinds)
        and may_be_asked_of_users(scopes)
        and _is_prompt(set(asked.get("prompt", "").split()))
    )


def _is_prompt(words: set[str]) -> bool:
    """OIDC Core 3.1.2.1: `none` must be the only value; unknown values are ignored."""
    return "none" not in words or words == {"none"}


def _is_challenged(client: SeedClient, asked: Mapping[str, str], kinds: set[str]) -> bool:
    """RFC 7636 4.3: a public client's code needs a challenge; a method without one is ignored."""
    challenge, method = asked.get("code_challenge"), asked.get("code_challenge_method")
    if challenge is None:
        return client.authentication_method != "none" or "code" not in kinds
    return _CHALLENGE.fullmatch(challenge) is not None and method == "S256"
