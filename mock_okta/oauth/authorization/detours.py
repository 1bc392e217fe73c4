"""Detours: the request is parked, and the engine says where the user must go."""

from datetime import datetime
from urllib.parse import urlencode

from msgspec import Struct

from mock_okta.model.authorization_servers import Scope
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.oauth.authorization.deciding import Consent, Detour, SignIn, SignInAnew, StepUp
from mock_okta.oauth.authorization.parking import Parking, resume_path
from mock_okta.oauth.errors import InvalidRequest
from mock_okta.oauth.requests import Authorization, AuthorizationRequest
from mock_okta.services.sign_in.engine import AskedBy, Engine
from mock_okta.storage import Storage
from mock_okta.web.requests import Parameters

__all__ = ["ConsentDialog", "Detours"]


class ConsentDialog(Struct, frozen=True, kw_only=True):
    """A consent dialog; `key`: for the form; `state_token`: for the widget above it."""

    client: Client
    user: User
    scopes: tuple[Scope, ...]
    key: str
    state_token: str


class Detours(Struct, frozen=True, kw_only=True):
    """Starts detours; the requests are parked here."""

    storage: Storage
    parking: Parking
    engine: Engine

    async def begin(
        self,
        authorization: Authorization,
        parameters: Parameters,
        detour: Detour,
        asked_at: datetime | None,
    ) -> str | ConsentDialog:
        """Park the request; return the path to redirect to, or the dialog to show at once.

        `asked_at`: since when what the user proves is for this request; None: from now on. Raises
        InvalidRequest for an identity provider that is not there.
        """
        provider = None
        if isinstance(detour, SignIn | SignInAnew):
            provider = await self._asked_provider(authorization.request)
        asked = await self._parked(authorization, parameters, detour, asked_at)
        match detour:
            case SignIn() | SignInAnew() if provider is not None:
                return _path_to_provider(provider, asked)
            case SignIn():
                return await self.engine.sign_in(asked, anew=False)
            case SignInAnew():
                return await self.engine.sign_in(asked, anew=True)
            case StepUp():
                return await self.engine.step_up(asked, detour.session, detour.due)
            case Consent():
                return ConsentDialog(
                    client=authorization.client,
                    user=detour.user,
                    scopes=detour.scopes,
                    key=asked.key,
                    state_token=await self.engine.consent(asked, detour.session, detour.scopes),
                )

    async def _parked(
        self,
        authorization: Authorization,
        parameters: Parameters,
        detour: Detour,
        asked_at: datetime | None,
    ) -> AskedBy:
        key = await self.parking.park(
            authorization,
            parameters,
            refused_session_id=detour.session.id if isinstance(detour, SignInAnew) else None,
            asked_session_id=detour.session.id if isinstance(detour, Consent) else None,
            asked_at=asked_at,
        )
        return AskedBy(
            key=key,
            goes_on_at=resume_path(key),
            client=authorization.client,
            server=authorization.server,
            parameters=_shown(authorization),
            login_hint=authorization.request.login_hint,
        )

    async def _asked_provider(self, asked: AuthorizationRequest) -> str | None:
        """Return the identity provider that the client asks for; Okta's refusal is unverified."""
        if asked.idp in (None, "OKTA"):
            return None
        provider = await self.storage.identity_providers.get(asked.idp or "")
        if provider is None:
            raise InvalidRequest(
                "The authentication request has an invalid 'idp' parameter.",
                remark=f"no identity provider {asked.idp!r}: see identity_providers in the seed",
            )
        return provider.id


def _path_to_provider(provider_id: str, asked: AskedBy) -> str:
    hint = {} if asked.login_hint is None else {"login_hint": asked.login_hint}
    return f"/sso/idps/{provider_id}?{urlencode({'fromURI': asked.goes_on_at} | hint)}"


def _shown(authorization: Authorization) -> dict[str, str]:
    """Return the parameters that an engine may see."""
    asked = authorization.request
    parameters = {
        "scope": " ".join(asked.scope),
        "response_type": " ".join(sorted(asked.response_type)),
        "redirect_uri": authorization.redirect_uri,
        "nonce": asked.nonce,
        "response_mode": asked.response_mode,
    }
    return {name: value for name, value in parameters.items() if value}
