"""Bodies of `/idp/idx/*`, and what comes with them (facts/identity A.4)."""

from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.services.factors import Given
from mock_okta.web.json_bodies import read_leniently

__all__ = [
    "AuthenticatorGiven",
    "Body",
    "Call",
    "CredentialsGiven",
    "call_of",
]


class CredentialsGiven(Struct, frozen=True, kw_only=True, rename="camel"):
    """What proves an authenticator, or enrols one."""

    passcode: str | None = None
    totp: str | None = None
    answer: str | None = None
    question_key: str | None = None
    question: str | None = None
    authenticator_data: str | None = None
    client_data: str | None = None
    signature_data: str | None = None
    user_handle: str | None = None
    attestation: str | None = None
    revoke_sessions: bool | None = None


class AuthenticatorGiven(Struct, frozen=True, kw_only=True, rename="camel"):
    """Which authenticator is chosen, and what is needed to reach it."""

    id: str | None = None
    method_type: str | None = None
    enrollment_id: str | None = None
    phone_number: str | None = None
    phone_extension: str | None = None
    channel: str | None = None
    email: str | None = None
    auto_challenge: bool | None = None


class Body(Struct, frozen=True, kw_only=True, rename="camel"):
    """Every member that any remediation reads; others are let pass, as Okta does."""

    state_handle: str | None = None
    interaction_handle: str | None = None
    state_token: str | None = None
    identifier: str | None = None
    credentials: CredentialsGiven = CredentialsGiven()
    authenticator: AuthenticatorGiven = AuthenticatorGiven()
    remember_me: bool | None = None
    auto_challenge: bool | None = None
    user_profile: dict[str, Any] | None = None
    consent: bool | None = None
    opted_scopes: dict[str, Any] | None = None
    user_code: str | None = None
    keep_me_signed_in: bool | None = None
    email: str | None = None
    phone_number: str | None = None
    reason: str | None = None


class Call(Struct, frozen=True, kw_only=True):
    """One request; `device_token` from the cookie `DT`, `session_id` from the session's cookie."""

    body: Body
    device_token: str | None = None
    session_id: str | None = None
    fingerprint: str | None = None
    user_agent: str = ""

    @property
    def given(self) -> Given:
        """Return what the caller gives as a proof, under whatever name."""
        given, chosen = self.body.credentials, self.body.authenticator
        profile = {
            "phone_number": chosen.phone_number,
            "phone_extension": chosen.phone_extension,
            "email": chosen.email,
            "question": given.question_key,
            "custom_question": given.question,
            "answer": given.answer,
        }
        return Given(
            pass_code=given.passcode or given.totp or given.answer or "",
            profile={name: value for name, value in profile.items() if value is not None},
            client_data=given.client_data or "",
            authenticator_data=given.authenticator_data or "",
            signature_data=given.signature_data or "",
            attestation=given.attestation or "",
        )


async def call_of(request: web.Request, device_token: str | None, session_id: str | None) -> Call:
    """Read a request, whatever type its body says it has: clients send JSON and ION alike."""
    return Call(
        body=read_leniently(await request.read(), Body),
        device_token=device_token,
        session_id=session_id,
        fingerprint=request.headers.get("X-Device-Fingerprint") or None,
        user_agent=request.headers.get("User-Agent", ""),
    )
