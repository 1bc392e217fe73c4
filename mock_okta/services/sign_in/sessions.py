"""Session tokens and sessions: how a user who proved who they are comes to be signed in."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.directory import User
from mock_okta.model.failures import NotSignable, SpentOrExpired
from mock_okta.model.records import KnownDevice, Session, SessionToken
from mock_okta.services.directory.lookup import the_org, usable_user
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.directory.policies import Policies
from mock_okta.storage import Storage

__all__ = ["DEVICE_LIFETIME", "IGNORED_SESSION_TOKEN", "SESSION_TOKEN_LIFETIME", "Sessions"]

SESSION_TOKEN_LIFETIME = timedelta(minutes=5)
DEVICE_LIFETIME = timedelta(days=730)
"""How long the cookie `DT` lasts (facts/oauth H.4), and a device is known."""
IGNORED_SESSION_TOKEN = (
    "the session token is ignored, as by default in Classic Engine: the browser has a session; "
    "sign out first, or set org.session_token_replaces_session in the seed"
)


class Sessions(Struct, frozen=True, kw_only=True):
    """Makes session tokens and keeps sessions (facts/oauth F.7 and I)."""

    storage: Storage
    clock: Clock
    ids: Ids
    policies: Policies
    outbox: Outbox

    async def session_token_replaces_session(self) -> bool:
        """Return whether a session token counts beside a session that will do."""
        return (await the_org(self.storage)).session_token_replaces_session

    async def begin(
        self,
        user: User,
        *,
        amr: tuple[str, ...],
        idp_id: str | None = None,
        fingerprint: str | None = None,
    ) -> Session:
        """Begin a session for a user who proved `amr` just now; arguments as of a session token.

        Raises NotSignable for a user who may not sign in any more.
        """
        if not user.is_usable:
            raise NotSignable(f"{user.login} is {user.status}")
        return await self._begun(await self._proved(user, amr, idp_id, fingerprint))

    async def make_session_token(
        self,
        user: User,
        *,
        amr: tuple[str, ...],
        idp_id: str | None = None,
        fingerprint: str | None = None,
    ) -> tuple[str, SessionToken]:
        """Return a one-time session token for a user who proved `amr` just now.

        How long its session lasts, the user's sign-on rule says. `idp_id`: the identity provider
        that proved who the user is; `fingerprint`: the device's, if it sent one.
        """
        value = self.ids.session_token()
        token = await self._proved(user, amr, idp_id, fingerprint)
        await self.storage.session_tokens.put(value, token)
        return value, token

    async def spend(self, session_token: str) -> tuple[Session, User]:
        """Begin the session that the token stands for; return it and whose it is.

        Raises SpentOrExpired.
        """
        token = await self.storage.session_tokens.take(session_token)
        user = None if token is None else await usable_user(self.storage, token.user_id)
        if token is None or user is None:
            raise SpentOrExpired(session_token)
        return await self._begun(token), user

    async def _proved(
        self, user: User, amr: tuple[str, ...], idp_id: str | None, fingerprint: str | None
    ) -> SessionToken:
        rule = await self.policies.sign_on(user)
        now = self.clock.now()
        await self.storage.users.update(
            user.id, lambda kept: msgspec.structs.replace(kept, last_login_at=now)
        )
        return SessionToken(
            user_id=user.id,
            amr=amr,
            authenticated_at=now,
            expires_at=now + SESSION_TOKEN_LIFETIME,
            idle=rule.session_idle,
            lifetime=rule.session_lifetime,
            factor_verified_at=now if "mfa" in amr else None,
            idp_id=idp_id,
            fingerprint=fingerprint,
        )

    async def _begun(self, token: SessionToken) -> Session:
        now = self.clock.now()
        ends_at = None if token.lifetime is None else now + token.lifetime
        session = Session(
            id=self.ids.session_id(),
            user_id=token.user_id,
            amr=token.amr,
            created_at=now,
            authenticated_at=token.authenticated_at,
            expires_at=_not_after(ends_at, now + token.idle),
            idle=token.idle,
            ends_at=ends_at,
            factor_verified_at=token.factor_verified_at,
            idp_id=token.idp_id,
            fingerprint=token.fingerprint,
        )
        await self.storage.sessions.put(session.id, session)
        return session

    async def live(self, session_id: str | None) -> Session | None:
        """Return the session if there is one, it has not ended, and its user may use it."""
        session = None if session_id is None else await self.storage.sessions.get(session_id)
        if session is None or await self.user_of(session) is None:
            return None
        return session

    async def refresh(self, session: Session) -> Session | None:
        """Let the session be idle for its whole time from now on, or until its end."""
        now = self.clock.now()

        def refreshed(kept: Session) -> Session:
            expires_at = _not_after(kept.ends_at, now + kept.idle)
            return msgspec.structs.replace(kept, expires_at=expires_at)

        return await self.storage.sessions.update(session.id, refreshed)

    async def lift(self, session: Session, amr: tuple[str, ...]) -> None:
        """Keep what was proved in the session since it began; when it ends stays as it was."""
        now = self.clock.now()

        def lifted(kept: Session) -> Session:
            return msgspec.structs.replace(kept, amr=amr, factor_verified_at=now)

        await self.storage.sessions.update(session.id, lifted)

    async def end(self, session_id: str) -> None:
        """End the session, if there is one."""
        await self.storage.sessions.take(session_id)

    async def is_known_device(self, user: User, fingerprint: str) -> bool:
        """Tell whether the user signed in on a device of that fingerprint before."""
        return await self.storage.known_devices.get((user.id, fingerprint)) is not None

    async def user_of(self, session: Session) -> User | None:
        """Return the session's user; None when they were removed or suspended meanwhile, say."""
        return await usable_user(self.storage, session.user_id)

    async def note_device(self, session: Session, device_token: str) -> None:
        """Tell the user by e-mail of a sign-in from a new device, if the org does so.

        A device that gave its fingerprint is known by that, another by its device token.
        """
        sends_emails = (await the_org(self.storage)).new_sign_on_emails
        if not sends_emails and session.fingerprint is None:
            return
        user = await self.storage.users.get(session.user_id)
        device = KnownDevice(user_id=session.user_id, expires_at=self.clock.now() + DEVICE_LIFETIME)
        key = (session.user_id, session.fingerprint or device_token)
        is_new = await self.storage.known_devices.add(key, device)
        if sends_emails and is_new and user is not None:
            await self.outbox.send_email(
                user,
                "new-sign-on",
                "New sign-on detected for your account",
                f"Your account {user.login} was used to sign in from a new device or browser.",
            )


def _not_after(end: datetime | None, instant: datetime) -> datetime:
    return instant if end is None else min(instant, end)
