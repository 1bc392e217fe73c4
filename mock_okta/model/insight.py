"""What people and tests may look into: tokens, decisions, refresh families, ends, differences."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

__all__ = [
    "About",
    "Change",
    "Deadline",
    "Deadlines",
    "Decision",
    "DecodedToken",
    "FamilyToken",
    "RecordChange",
    "RefreshFamilies",
    "RefreshFamily",
    "SnapshotDiff",
    "TokenCheck",
    "TokenPreview",
    "TokenQuestion",
]


class TokenQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who asks for what: a user (login or id), a client, an authorization server, scopes.

    Without a user, the client asks for itself. `grant_type`: the default is `authorization_code`,
    and `client_credentials` without a user. Without scopes, the server's default ones count.
    """

    client_id: str
    user: str | None = None
    authorization_server: str = "default"
    scopes: tuple[str, ...] = ()
    grant_type: str | None = None


class Decision(Struct, frozen=True, kw_only=True):
    """What a policy of the org decides, by which of its rules, and why.

    `policy` and `rule` are empty if none matched, or if the subject has no policies.
    """

    subject: str
    policy: str
    rule: str
    allowed: bool
    why: str


class TokenPreview(Struct, frozen=True, kw_only=True):
    """What would be decided, in order, and the claims that would be issued if all allow it."""

    decisions: tuple[Decision, ...]
    access_token: dict[str, Any] | None
    id_token: dict[str, Any] | None
    userinfo: dict[str, Any] | None


class FamilyToken(Struct, frozen=True, kw_only=True):
    """A refresh token: when it was replaced by the next, and when it was used again too late."""

    expires_at: datetime
    rotated_at: datetime | None
    reused_at: datetime | None


class RefreshFamily(Struct, frozen=True, kw_only=True):
    """A refresh token with all that followed from it, the first one first.

    `ends_at`: None if it never ends. `is_revoked`: none of its tokens works any more.
    """

    id: str
    authorization_server: str
    client_id: str
    user_id: str
    login: str
    scopes: tuple[str, ...]
    authenticated_at: datetime
    ends_at: datetime | None
    is_revoked: bool
    tokens: tuple[FamilyToken, ...]


class RefreshFamilies(Struct, frozen=True, kw_only=True):
    """Refresh families, the oldest first."""

    families: tuple[RefreshFamily, ...]


class Deadline(Struct, frozen=True, kw_only=True):
    """When a thing of the org ends; `whose`: a login, a client or an authorization server."""

    what: str
    whose: str
    at: datetime


class Deadlines(Struct, frozen=True, kw_only=True):
    """What ends, the next one first; access tokens are not in it, for no org keeps them."""

    deadlines: tuple[Deadline, ...]


Change = Literal["added", "removed", "changed"]


class RecordChange(Struct, frozen=True, kw_only=True):
    """A record that is not as it was; `fields`: those that differ, each with before and after."""

    collection: str
    key: str
    change: Change
    fields: dict[str, tuple[Any, Any]]


class SnapshotDiff(Struct, frozen=True, kw_only=True):
    """How the org differs from a snapshot of it, in the order of its collections."""

    changes: tuple[RecordChange, ...]


class About(Struct, frozen=True, kw_only=True):
    """What runs here; `releases`: the widget's that are installed.

    `hosted_release`: the one that the org's own pages use. `served`: methods and paths, without
    `/_mock`. `lasts`: the storage outlives the process.
    """

    version: str
    releases: tuple[str, ...]
    hosted_release: str
    lasts: bool
    served: tuple[str, ...]


class TokenCheck(Struct, frozen=True, kw_only=True):
    """One check of a token; `why`: what is wrong, or what is right."""

    name: str
    passed: bool
    why: str


class DecodedToken(Struct, frozen=True, kw_only=True):
    """A token's header and claims, not trusted, and the checks in the order of a verifier."""

    header: dict[str, Any] = {}
    claims: dict[str, Any] = {}
    checks: tuple[TokenCheck, ...]

    @property
    def failures(self) -> tuple[TokenCheck, ...]:
        """The checks that failed."""
        return tuple(each for each in self.checks if not each.passed)
