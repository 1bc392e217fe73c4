"""Session tokens and sessions."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from mock_okta.model.assurance import Proof, newest
from mock_okta.model.directory import User
from mock_okta.model.failures import NotSignable, SpentOrExpired
from mock_okta.model.sessions import KnownDevice, Session, SessionToken
from mock_okta.services.directory.lookup import the_org, usable_user
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.directory.policies import Policies
from mock_okta.services.world import World

__all__ = ["IGNORED_SESSION_TOKEN", "Sessions"]

_SESSION_TOKEN_LIFETIME = timedelta(minutes=5)
_DEVICE_LIFETIME = timedelta(days=730)
"""The lifetime of the cookie `DT` (facts/oauth H.4), and of known devices."""
IGNORED_SESSION_TOKEN = (
    "the session token is ignored, as by default in Classic Engine: the browser has a session; "
    "sign out first, or set org.session_token_replaces_session in the seed"
)


class Sessions(Struct, frozen=True, kw_only=True):
    """Makes session tokens and keeps sessions (facts/oauth F.7 and I)."""

    world: World
    policies: Policies
    outbox: Outbox

    async def session_token_replaces_session(self) -> bool:
        """Return whether a session token replaces a session that is good enough."""
        return (await the_org(self.world.storage)).session_token_replaces_session

    async def begin(
        self,
        user: User,
        *,
        amr: tuple[str, ...],
        idp_id: str | None = None,
        fingerprint: str | None = None,
        proofs: tuple[Proof, ...] = (),
    ) -> Session:
        """Begin a session for a user who has just proved `amr`; see `make_session_token`.

        Raises NotSignable if they were suspended, for example.
        """
        if not user.is_usable:
            raise NotSignable(f"{user.login} is {user.status}")
        return await self._begun(await self._proved(user, amr, idp_id, fingerprint, proofs))

    async def keep(self, session: Session) -> Session:
        """Return the session, which outlasts the browser from now on."""

        def kept(known: Session) -> Session:
            return msgspec.structs.replace(known, is_persistent=True)

        return await self.world.storage.sessions.update(session.id, kept) or session

    async def make_session_token(
        self,
        user: User,
        *,
        amr: tuple[str, ...],
        idp_id: str | None = None,
        fingerprint: str | None = None,
        proofs: tuple[Proof, ...] = (),
    ) -> tuple[str, SessionToken]:
        """Return a one-time session token for a user who has just proved `amr`.

        The user's sign-on rule says how long the session will last. `idp_id`: the identity provider
        that signed the user in. `fingerprint`: the device's, if it sent one. `proofs`: what `amr`
        comes from, where the engine keeps more of it.
        """
        value = self.world.ids.session_token()
        token = await self._proved(user, amr, idp_id, fingerprint, proofs)
        await self.world.storage.session_tokens.put(value, token)
        return value, token

    async def spend(self, session_token: str) -> tuple[Session, User]:
        """Begin the session that the token stands for; return it and whose it is.

        Raises SpentOrExpired.
        """
        token = await self.world.storage.session_tokens.take(session_token)
        user = None if token is None else await usable_user(self.world.storage, token.user_id)
        if token is None or user is None:
            raise SpentOrExpired(session_token)
        return await self._begun(token), user

    async def _proved(
        self,
        user: User,
        amr: tuple[str, ...],
        idp_id: str | None,
        fingerprint: str | None,
        proofs: tuple[Proof, ...],
    ) -> SessionToken:
        rule = await self.policies.sign_on(user)
        now = self.world.clock.now()
        await self.world.storage.users.update(
            user.id, lambda kept: msgspec.structs.replace(kept, last_login_at=now)
        )
        return SessionToken(
            user_id=user.id,
            amr=amr,
            authenticated_at=now,
            expires_at=now + _SESSION_TOKEN_LIFETIME,
            idle=rule.session_idle,
            lifetime=rule.session_lifetime,
            factor_verified_at=now if "mfa" in amr else None,
            idp_id=idp_id,
            fingerprint=fingerprint,
            proofs=proofs,
        )

    async def _begun(self, token: SessionToken) -> Session:
        now = self.world.clock.now()
        ends_at = None if token.lifetime is None else now + token.lifetime
        session = Session(
            id=self.world.ids.session_id(),
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
            proofs=token.proofs,
        )
        await self.world.storage.sessions.put(session.id, session)
        return session

    async def live(self, session_id: str | None) -> Session | None:
        """Return the session; None if it has ended, or its user is not usable."""
        session = None if session_id is None else await self.world.storage.sessions.get(session_id)
        if session is None or await self.user_of(session) is None:
            return None
        return session

    def kept_for(self, session: Session) -> timedelta | None:
        """Return how long a browser keeps the session; None: until it is closed.

        A session without a fixed end is kept as long as the device token.
        """
        if not session.is_persistent:
            return None
        if session.ends_at is None:
            return _DEVICE_LIFETIME
        return session.ends_at - self.world.clock.now()

    async def refresh(self, session: Session) -> Session | None:
        """Restart the session's idle time; it never lasts beyond its end."""
        now = self.world.clock.now()

        def refreshed(kept: Session) -> Session:
            expires_at = _not_after(kept.ends_at, now + kept.idle)
            return msgspec.structs.replace(kept, expires_at=expires_at)

        return await self.world.storage.sessions.update(session.id, refreshed)

    async def lift(
        self, session: Session, amr: tuple[str, ...], proofs: tuple[Proof, ...] = ()
    ) -> None:
        """Step the session up to `amr`; its end does not change."""
        now = self.world.clock.now()

        def lifted(kept: Session) -> Session:
            return msgspec.structs.replace(
                kept, amr=amr, factor_verified_at=now, proofs=newest((*kept.proofs, *proofs))
            )

        await self.world.storage.sessions.update(session.id, lifted)

    async def end(self, session_id: str) -> None:
        """End the session, if there is one."""
        await self.world.storage.sessions.take(session_id)

    async def end_all(self, user: User) -> None:
        """End all sessions of the user."""
        await self.world.storage.sessions.remove_by("user_id", user.id)

    async def is_known_device(self, user: User, fingerprint: str) -> bool:
        """Return whether the user has signed in on a device with that fingerprint before."""
        return await self.world.storage.known_devices.get((user.id, fingerprint)) is not None

    async def user_of(self, session: Session) -> User | None:
        """Return the session's user; None if they are not usable any more."""
        return await usable_user(self.world.storage, session.user_id)

    async def note_device(self, session: Session, device_token: str) -> None:
        """E-mail the user about a sign-in from a new device, if the org does so.

        A device is known by its fingerprint if it sent one, otherwise by its device token.
        """
        sends_emails = (await the_org(self.world.storage)).new_sign_on_emails
        if not sends_emails and session.fingerprint is None:
            return
        user = await self.world.storage.users.get(session.user_id)
        device = KnownDevice(
            user_id=session.user_id, expires_at=self.world.clock.now() + _DEVICE_LIFETIME
        )
        key = (session.user_id, session.fingerprint or device_token)
        is_new = await self.world.storage.known_devices.add(key, device)
        if sends_emails and is_new and user is not None:
            await self.outbox.send_email(
                user,
                "new-sign-on",
                "New sign-on detected for your account",
                f"Your account {user.login} was used to sign in from a new device or browser.",
            )


def _not_after(end: datetime | None, instant: datetime) -> datetime:
    return instant if end is None else min(instant, end)
