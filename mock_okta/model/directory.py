"""The org and its limits, its users and groups, API tokens, and the origins that it trusts."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct, structs

from mock_okta.ids import derived_id
from mock_okta.model.checks import require, require_object_id, require_origin
from mock_okta.model.factors import APP_ALONE, Factor
from mock_okta.model.identity_providers import ProviderKind

__all__ = [
    "DEFAULT_ENGINE",
    "EVERYONE",
    "ApiToken",
    "Assignment",
    "EngineName",
    "Group",
    "Login",
    "OktaApp",
    "Org",
    "RateLimit",
    "RecoveryQuestion",
    "TrustedOrigin",
    "TrustedOriginScope",
    "User",
    "UserStatus",
]

TrustedOriginScope = Literal["CORS", "REDIRECT", "IFRAME_EMBED"]
"""What a trusted origin may do (Okta's Trusted Origins API, `scopes[].type`)."""

OktaApp = Literal["OKTA_ENDUSER"]
"""What may be framed beside the sign-in pages: the home page (`scopes[].allowedOktaApps`)."""


class TrustedOrigin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An origin whose pages may do more than other pages; its scopes say what.

    `CORS`: its pages may read answers that work by cookie. `REDIRECT`: a sign-in or sign-out may
    end there. `IFRAME_EMBED`: its pages may show the org's sign-in pages in a frame, and the home
    page too with `OKTA_ENDUSER` in `allowed_okta_apps`. A seed may give an origin as text.
    """

    origin: str
    scopes: tuple[TrustedOriginScope, ...] = ("CORS", "REDIRECT")
    allowed_okta_apps: tuple[OktaApp, ...] = ()

    def __post_init__(self) -> None:
        require_origin("origin", self.origin)
        require(
            not self.allowed_okta_apps or "IFRAME_EMBED" in self.scopes,
            "'allowed_okta_apps' goes with the scope IFRAME_EMBED",
        )


EngineName = Literal["classic", "identity"]
"""The engines that an org can run: Okta Classic Engine, Okta Identity Engine."""
DEFAULT_ENGINE: EngineName = "identity"


class Org(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The org itself; `new_sign_on_emails`: users get an e-mail when a new device signs in.

    `verify_knowledge_second_when_2fa_required`: if the Identity Engine asks for two factors, it
    asks for what the user has before what they know (Okta's Attack Protection API).

    `id`: without one in the seed, it stays as it is, or is derived from the first name. `engine`:
    what signs users in, which never changes while the org runs; None in a seed leaves it as it is.
    `session_token_replaces_session`: a session token is used even if the browser has a session, and
    an invalid one ends that session. Okta enables this for an org on request: by default Classic
    Engine ignores the token then (Okta's guide "Work with Okta session cookies").
    """

    id: str = ""
    name: str = "Mock Okta"
    engine: EngineName | None = None
    new_sign_on_emails: bool = False
    session_token_replaces_session: bool = False
    verify_knowledge_second_when_2fa_required: bool = False

    def __post_init__(self) -> None:
        if self.id:
            require_object_id("org", self.id)


class Group(Struct, frozen=True, kw_only=True):
    """A group of users, who refer to its id: its name may change (Okta's Groups API)."""

    id: str
    name: str
    type: Literal["BUILT_IN", "OKTA_GROUP", "APP_GROUP"] = "OKTA_GROUP"

    @property
    def name_in_lower_case(self) -> str:
        """The name that it is found by: `Admins` and `admins` are the same group."""
        return self.name.lower()


EVERYONE = Group(id=derived_id("00g", "everyone"), name="Everyone", type="BUILT_IN")
"""The group that every org has."""


class Assignment(Struct, frozen=True, kw_only=True):
    """Assigns an app to a user or to a group: `principal_id` is the id of either."""

    app_id: str
    principal_id: str


class UserStatus(StrEnum):
    """A user's status (Okta's User object, `status`)."""

    STAGED = "STAGED"
    PROVISIONED = "PROVISIONED"
    ACTIVE = "ACTIVE"
    PASSWORD_EXPIRED = "PASSWORD_EXPIRED"
    LOCKED_OUT = "LOCKED_OUT"
    RECOVERY = "RECOVERY"
    SUSPENDED = "SUSPENDED"
    DEPROVISIONED = "DEPROVISIONED"


_UNUSABLE = (
    UserStatus.STAGED,
    UserStatus.PROVISIONED,
    UserStatus.SUSPENDED,
    UserStatus.DEPROVISIONED,
)


class RecoveryQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The question that a user answers to replace a forgotten password."""

    question: str
    answer: str

    def __post_init__(self) -> None:
        require(self.question != "" and self.answer != "", "question and answer must not be empty")


class User(Struct, frozen=True, kw_only=True):
    """A user of the org; `profile` has Okta's attribute names (`firstName`, `timezone` …).

    `factors`: the last used first. `failures`: wrong passwords (and wrong passcodes) in a row.
    `locked_at`: when the user was locked out; `locked_from`: the status before that.
    `password_history`: earlier passwords, newest first. `provider`: where the user's password is;
    not OKTA for a user who came from an identity provider. `activated_at`: when the user first
    became ACTIVE. These instants are None until it happens (Okta's Users API).
    """

    id: str
    login: str
    password: str
    profile: Mapping[str, Any]
    group_ids: tuple[str, ...]
    created_at: datetime
    last_updated_at: datetime
    password_changed_at: datetime
    activated_at: datetime | None = None
    status_changed_at: datetime | None = None
    last_login_at: datetime | None = None
    status: UserStatus = UserStatus.ACTIVE
    factors: tuple[Factor, ...] = ()
    recovery_question: RecoveryQuestion | None = None
    password_history: tuple[str, ...] = ()
    failures: int = 0
    locked_at: datetime | None = None
    locked_from: UserStatus | None = None
    provider: ProviderKind = "OKTA"

    @property
    def login_in_lower_case(self) -> str:
        """The login as it is looked up: case is ignored."""
        return self.login.lower()

    @property
    def email(self) -> str | None:
        """The e-mail address in lower case, which identifies users of identity providers."""
        address = self.profile.get("email")
        return None if address is None else str(address).lower()

    @property
    def has_fast_pass(self) -> str | None:
        """`yes` for who has Okta Verify on a computer, to be found among many users."""
        return "yes" if any(each.key in APP_ALONE for each in self.factors) else None

    def in_status(self, status: UserStatus, at: datetime) -> "User":
        """Return the user with that status since `at`; unchanged if they have it already."""
        if status is self.status:
            return self
        is_first = status is UserStatus.ACTIVE and self.activated_at is None
        return structs.replace(
            self,
            status=status,
            status_changed_at=at,
            activated_at=at if is_first else self.activated_at,
        )

    @property
    def is_usable(self) -> bool:
        """True if the user's sessions, codes and tokens are valid.

        A lockout and an expired password do not end existing sessions and tokens.
        """
        return self.status not in _UNUSABLE


class Login(Struct, frozen=True, kw_only=True):
    """Which user has a login; only one of two users who want it gets it."""

    user_id: str


class ApiToken(Struct, frozen=True, kw_only=True):
    """An API token (`Authorization: SSWS …`), and the user it belongs to, if any."""

    token: str
    user_id: str | None


class RateLimit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many requests a minute `path` and the paths below it answer; more get 429."""

    path: str
    limit: int

    def __post_init__(self) -> None:
        require(
            self.path.startswith("/") and not self.path.endswith("/") and self.path.isprintable(),
            "a rate limit's 'path' starts with '/' and does not end with one",
        )
        require(self.limit >= 0, "a rate limit's 'limit' is 0 or more requests a minute")
