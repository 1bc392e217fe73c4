"""A whole sign-in over plain HTTP, at any Okta org: Classic primary authentication, code, PKCE.

It includes requests that the org must refuse, to record its errors. None of them names the user, so
a recording locks nobody out.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlsplit

from mock_okta.jose import sha256
from mock_okta_harness.recorder import scrubbing_rules as rules
from mock_okta_harness.recorder.conversation import Conversation
from mock_okta_harness.recorder.raw_exchange import parameters_of
from mock_okta_harness.recorder.recording import Recording

if TYPE_CHECKING:
    from mock_okta_harness.recorder.order import SignInOrder
    from mock_okta_harness.recorder.raw_exchange import RawExchange

__all__ = ["SignInFailedError", "record_sign_in"]

WAY = "http"
_NOBODY = {"username": "nobody@example.com", "password": "not-a-password"}


class SignInFailedError(Exception):
    """The org did not sign the user in; the message has the step and the org's reason."""


def record_sign_in(order: SignInOrder) -> Recording:
    """Sign in, use the tokens, sign out. Raises SignInFailedError, NoAnswerError."""
    steps = _Steps(order, Conversation(order.ca_file))
    jwks = steps.metadata()
    session_token = steps.authenticate()
    code = steps.authorize(session_token)
    tokens = steps.redeem(code)
    steps.use(tokens, code)
    steps.sign_out(tokens)
    return Recording(
        making=order.making(WAY),
        org_url=order.org_url,
        exchanges=tuple(steps.conversation.exchanges),
        tokens={name: tokens[name] for name in ("access_token", "id_token") if name in tokens},
        jwks=jwks,
        stand_ins=_stand_ins(order) if order.user_data == "scrubbed" else {},
        secrets=_secrets(order),
    )


@dataclass(frozen=True)
class _Steps:
    order: SignInOrder
    conversation: Conversation
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def metadata(self) -> dict[str, Any]:
        discovery = self.conversation.get(
            "discovery", f"{self.order.issuer}/.well-known/openid-configuration"
        )
        jwks_uri = _field(discovery, "jwks_uri")
        jwks: dict[str, Any] = self.conversation.get("keys", jwks_uri).response_body()
        return jwks

    def authenticate(self) -> str:
        url = f"{self.order.org_url}/api/v1/authn"
        self.conversation.post_json("authn-refused", url, _NOBODY)
        user = {"username": self.order.username, "password": self.order.password}
        return _field(self.conversation.post_json("authn", url, user), "sessionToken")

    def authorize(self, session_token: str) -> str:
        answer = self.conversation.browse(
            "authorize", f"{self.order.endpoints}/authorize", self._request(session_token)
        )
        returned = parameters_of(answer.location or "")
        if "code" not in returned:
            raise SignInFailedError(_refusal(answer, returned))
        return returned["code"]

    def _request(self, session_token: str) -> dict[str, str]:
        return {
            "client_id": self.order.client_id,
            "response_type": "code",
            "scope": " ".join(self.order.scopes),
            "redirect_uri": self.order.redirect_uri,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": sha256(self.verifier),
            "code_challenge_method": "S256",
            "prompt": "none",
            "sessionToken": session_token,
        }

    def redeem(self, code: str, step: str = "token") -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "redirect_uri": self.order.redirect_uri,
            "code": code,
            "code_verifier": self.verifier,
        }
        answer = self._as_client(step, "token", form)
        if step == "token":
            _field(answer, "access_token")
        tokens: dict[str, Any] = answer.response_body()
        return tokens

    def use(self, tokens: dict[str, Any], code: str) -> None:
        """Use the tokens, then send requests to be refused: a reused code revokes the tokens."""
        userinfo = f"{self.order.endpoints}/userinfo"
        bearer = f"Bearer {tokens['access_token']}"
        self.conversation.get("userinfo", userinfo, authorization=bearer)
        self.conversation.get("userinfo-refused", userinfo, authorization="Bearer not-a-token")
        access = {"token": tokens["access_token"], "token_type_hint": "access_token"}
        self._as_client("introspect", "introspect", access)
        self.redeem(code, "token-refused")

    def sign_out(self, tokens: dict[str, Any]) -> None:
        if "id_token" not in tokens:
            return
        query = {"id_token_hint": tokens["id_token"], "state": self.state}
        if self.order.logout_redirect_uri:
            query["post_logout_redirect_uri"] = self.order.logout_redirect_uri
        self.conversation.browse("logout", f"{self.order.endpoints}/logout", query)

    def _as_client(self, step: str, endpoint: str, form: dict[str, str]) -> RawExchange:
        url = f"{self.order.endpoints}/{endpoint}"
        if self.order.client_secret is None:
            own = {"client_id": self.order.client_id}
            return self.conversation.post_form(step, url, {**own, **form})
        # RFC 6749 2.3.1
        pair = map(quote_plus, (self.order.client_id, self.order.client_secret))
        credentials = base64.b64encode(":".join(pair).encode()).decode()
        return self.conversation.post_form(step, url, form, authorization=f"Basic {credentials}")


def _stand_ins(order: SignInOrder) -> dict[str, str]:
    """Return the replacements for the names of the org, the app and the user."""
    app, logout = order.redirect_uri, order.logout_redirect_uri
    names = {
        order.username: rules.PERSONAL["login"],
        order.client_id: rules.STAND_INS["client_id"],
        app: rules.STAND_INS["redirect_uri"],
    }
    if logout:
        names[logout] = rules.STAND_INS["logout_redirect_uri"]
    if order.authorization_server not in ("org", "default"):
        names[order.authorization_server] = rules.STAND_INS["authorization_server"]
    host = urlsplit(app).netloc
    return names | {f"{urlsplit(app).scheme}://{host}": rules.STAND_INS["logout_redirect_uri"]}


def _secrets(order: SignInOrder) -> dict[str, str]:
    secret = {"client_secret": order.client_secret} if order.client_secret else {}
    return {"password": order.password, **secret}


def _field(answer: RawExchange, name: str) -> str:
    body = answer.response_body()
    if isinstance(body, dict) and isinstance(body.get(name), str):
        found: str = body[name]
        return found
    raise SignInFailedError(_refusal(answer, body if isinstance(body, dict) else {}))


def _refusal(answer: RawExchange, said: dict[str, Any]) -> str:
    """Return a text about a step's answer; of the body only its error."""
    names = ("status", "errorCode", "errorSummary", "error", "error_description")
    told = [str(said[name]) for name in names if name in said]
    reason = ": ".join([f"{answer.step}: {answer.status}", *told])
    if said.get("status", "").startswith("MFA"):
        reason += " (record with a user who needs no second factor)"
    return reason
