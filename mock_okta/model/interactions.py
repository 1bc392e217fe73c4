"""Sign-ins in progress as the Identity Engine keeps them, and the apps' requests they are for."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from mock_okta.model.grants import Redemption
from mock_okta.model.progress import KeptProgress

__all__ = [
    "IdentityTransaction",
    "Interaction",
    "InteractionCode",
    "MagicLink",
    "Purpose",
    "Screen",
    "Shown",
]


class Interaction(Struct, frozen=True, kw_only=True):
    """What an app asked of /interact, under its interaction handle.

    `scopes`: as asked, each known to the server. `max_age`: in seconds. `state_handle`: the
    transaction that was begun for it, None until the handle is introspected.
    """

    server_id: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    expires_at: datetime
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    acr_values: tuple[str, ...] = ()
    max_age: int | None = None
    prompt: frozenset[str] = frozenset()
    login_hint: str | None = None
    recovery_token: str | None = None
    activation_token: str | None = None
    state_handle: str | None = None


class InteractionCode(Struct, frozen=True, kw_only=True):
    """What an interaction code stands for: an interaction that ended well, and who proved what.

    `redemption`: what it was redeemed for; such a code gives no tokens any more.
    """

    interaction: Interaction
    user_id: str
    amr: tuple[str, ...]
    authenticated_at: datetime
    expires_at: datetime
    idp_id: str | None = None
    redemption: Redemption | None = None

    @property
    def client_id(self) -> str:
        """The client that may redeem it."""
        return self.interaction.client_id

    @property
    def server_id(self) -> str:
        """The authorization server that redeems it."""
        return self.interaction.server_id

    @property
    def redirect_uri(self) -> str:
        """Where the app was to get it."""
        return self.interaction.redirect_uri

    @property
    def code_challenge(self) -> str | None:
        """What the verifier must prove that comes with it."""
        return self.interaction.code_challenge

    @property
    def user_at_client(self) -> tuple[str, str]:
        """What a revocation of one user's tokens at one client finds it by."""
        return self.user_id, self.client_id


class MagicLink(Struct, frozen=True, kw_only=True):
    """What the link of an e-mail stands for: the challenge of a transaction, and its passcode.

    `ends_at`: until when it is good; it is kept longer, so that one that is too late can be told
    from one that never was.
    """

    state_handle: str
    passcode: str
    ends_at: datetime
    expires_at: datetime


class Purpose(StrEnum):
    """What a transaction is for."""

    SIGN_IN = "SIGN_IN"
    RECOVERY = "RECOVERY"
    UNLOCK = "UNLOCK"
    REGISTRATION = "REGISTRATION"
    ACTIVATION = "ACTIVATION"
    CONSENT = "CONSENT"


class Screen(StrEnum):
    """Where a transaction stands; `idx/remediations` says what is offered there.

    `OVER`: all that is left is to begin again. `ELSEWHERE`: what a page shows that is not the
    one where the user signs in.
    """

    IDENTIFY = "IDENTIFY"
    ASK_DEVICE = "ASK_DEVICE"
    SENT_TO_PROVIDER = "SENT_TO_PROVIDER"
    IDENTIFY_TO_RECOVER = "IDENTIFY_TO_RECOVER"
    IDENTIFY_TO_UNLOCK = "IDENTIFY_TO_UNLOCK"
    CHOOSE_AUTHENTICATOR = "CHOOSE_AUTHENTICATOR"
    CHOOSE_METHOD = "CHOOSE_METHOD"
    CHALLENGE = "CHALLENGE"
    CHOOSE_ENROLMENT = "CHOOSE_ENROLMENT"
    ENROLMENT_DATA = "ENROLMENT_DATA"
    ENROL = "ENROL"
    PASSWORD_EXPIRED = "PASSWORD_EXPIRED"
    PASSWORD_WARNING = "PASSWORD_WARNING"
    RESET_PASSWORD = "RESET_PASSWORD"
    REGISTER = "REGISTER"
    COMPLETE_PROFILE = "COMPLETE_PROFILE"
    KEEP_SIGNED_IN = "KEEP_SIGNED_IN"
    CONSENT = "CONSENT"
    EMAIL_CONSENT = "EMAIL_CONSENT"
    DEVICE_CODE = "DEVICE_CODE"
    REQUEST_ACTIVATION = "REQUEST_ACTIVATION"
    SUCCESS = "SUCCESS"
    OVER = "OVER"
    ELSEWHERE = "ELSEWHERE"


class Shown(Struct, frozen=True, kw_only=True):
    """A message above a screen: Okta's key for it, its parameters, and the text without a key.

    `kind`: `INFO`, `WARNING`, `ERROR` or `SUCCESS`.
    """

    key: str
    text: str
    params: tuple[str, ...] = ()
    kind: str = "INFO"


class IdentityTransaction(KeptProgress, frozen=True, kw_only=True):
    """One sign-in, recovery or registration; its handle is the state handle.

    `interaction`: the app's request where the app embeds the widget; else the browser is on the
    org's own page and goes on to `target`. `okta_key`: of the request to /authorize that waits.
    `client_id`: the app that it is for, None for the org's own pages. `acr_values`: what the app
    asks to be proved. `authenticator`: the key of the one that is challenged or enrolled, `method`:
    which of its methods. `draft`: what the user gave on the way and is not kept yet. `message`:
    shown on the screen. `keeps_signed_in`: the user wants a session that outlasts the browser.
    `declined`: the scopes that the user left out of their consent; None until they consent.
    `user_code`: of the device that the sign-in is for, empty until it is entered; None for others.
    `user_agent`: the browser's own name for itself.
    """

    screen: Screen = Screen.IDENTIFY
    purpose: Purpose = Purpose.SIGN_IN
    interaction: Interaction | None = None
    okta_key: str | None = None
    client_id: str | None = None
    acr_values: tuple[str, ...] = ()
    authenticator: str | None = None
    method: str | None = None
    draft: Mapping[str, Any] = {}
    message: Shown | None = None
    wants_password_warning: bool = True
    wants_more_factors: bool = True
    keeps_signed_in: bool = False
    declined: frozenset[str] | None = None
    user_code: str | None = None
    user_agent: str = ""
