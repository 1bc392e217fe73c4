"""Requests to `/api/v1/authn`: body, path, query, cookie and headers (facts/classic C.1, C.3)."""

from aiohttp import web
from msgspec import Struct, structs

from mock_okta.services.factors import Given
from mock_okta.web.errors import ValidationFailed
from mock_okta.web.json_bodies import lenient_json_of
from mock_okta.web.requests import query_of

__all__ = [
    "Body",
    "Call",
    "call_of",
]

_LONGEST_FINGERPRINT = 500


class Options(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a caller of primary authentication opts into."""

    warn_before_password_expired: bool = False
    multi_optional_factor_enroll: bool = False


class Context(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a trusted caller says about the user's device (facts/classic C.1)."""

    device_token: str | None = None


class FactorProfile(Struct, frozen=True, kw_only=True, rename="camel"):
    """The profile of a factor to enrol; each kind reads its own members."""

    phone_number: str | None = None
    phone_extension: str | None = None
    validate_phone: bool | None = None
    email: str | None = None
    question: str | None = None
    answer: str | None = None


class Consent(Struct, frozen=True, kw_only=True):
    """What the user agrees to."""

    scopes: tuple[str, ...] | None = None


class Body(Struct, frozen=True, kw_only=True, rename="camel"):
    """Every member that some operation reads; others are ignored, as Okta does."""

    state_token: str | None = None
    username: str | None = None
    password: str | None = None
    token: str | None = None
    options: Options = Options()
    context: Context | None = None
    relay_state: str | None = None
    old_password: str | None = None
    new_password: str | None = None
    recovery_token: str | None = None
    factor_type: str | None = None
    provider: str | None = None
    profile: FactorProfile = FactorProfile()
    answer: str | None = None
    pass_code: str | None = None
    client_data: str | None = None
    authenticator_data: str | None = None
    signature_data: str | None = None
    attestation: str | None = None
    revoke_sessions: bool | None = None
    consent: Consent = Consent()


class Call(Struct, frozen=True, kw_only=True):
    """One request to the state machine.

    `factor_id` and `channel` come from the path, flags from the query (facts/classic C.0, 5),
    `device_token` from the cookie `DT` or from the context that a trusted caller gives.
    `is_trusted`: the request has an API token. `fingerprint`: of the device, if the widget asked
    for it (facts/classic D).
    """

    body: Body
    factor_id: str = ""
    channel: str = ""
    remember_device: bool = False
    auto_push: bool | None = None
    device_token: str | None = None
    fingerprint: str | None = None
    is_trusted: bool = False

    @property
    def given(self) -> Given:
        """Return what the caller gives as a proof, in any of its members."""
        body = self.body
        return Given(
            pass_code=body.pass_code or body.answer or body.password or "",
            profile={
                name: value
                for name, value in structs.asdict(body.profile).items()
                if value is not None
            },
            client_data=body.client_data or "",
            authenticator_data=body.authenticator_data or "",
            signature_data=body.signature_data or "",
            attestation=body.attestation or "",
        )

    def required(self, name: str, wire_name: str) -> str:
        """Return a member; raise ValidationFailed if it is missing. It may be empty."""
        value: str | None = getattr(self.body, name)
        if value is None:
            raise ValidationFailed(wire_name, f"{wire_name}: The field cannot be left blank")
        return value


async def call_of(
    request: web.Request, device_token: str | None, *, is_trusted: bool = False
) -> Call:
    """Read the request of a browser that has that device token, or of a trusted caller."""
    query = query_of(request)
    body = await lenient_json_of(request, Body)
    if is_trusted and body.context is not None:
        device_token = body.context.device_token
    return Call(
        body=body,
        is_trusted=is_trusted,
        factor_id=request.match_info.get("factor_id", ""),
        channel=request.match_info.get("channel", "").lower(),
        remember_device=_flag(query.get("rememberDevice")) or False,
        auto_push=_flag(query.get("autoPush")),
        device_token=device_token,
        fingerprint=_fingerprint(request),
    )


def _fingerprint(request: web.Request) -> str | None:
    """Return the header if it is one word: it becomes part of a storage key."""
    given = request.headers.get("X-Device-Fingerprint", "")
    fits = given.isascii() and given.isprintable() and " " not in given
    return given if given and fits and len(given) <= _LONGEST_FINGERPRINT else None


def _flag(value: str | None) -> bool | None:
    """Return the flag. Case is ignored: the widget sends `true`, tools in Python send `True`."""
    return None if value is None else value.lower() == "true"
