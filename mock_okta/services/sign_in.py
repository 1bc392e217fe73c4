"""Passwords, session tokens and sessions: how a user comes to be signed in."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from mock_okta.clock import Clock
from mock_okta.domain.directory import User
from mock_okta.domain.failures import NoSuchUser, SpentOrExpired, WrongPassword
from mock_okta.domain.records import Session, SessionToken
from mock_okta.ids import Ids
from mock_okta.services.outbox import Outbox
from mock_okta.storage import Storage

__all__ = ["SESSION_LIFETIME", "SESSION_TOKEN_LIFETIME", "SignIn"]

SESSION_TOKEN_LIFETIME = timedelta(minutes=5)
SESSION_LIFETIME = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Proves who a user is, and keeps sessions (contract F.7 and I)."""

    storage: Storage
    clock: Clock
    ids: Ids
    outbox: Outbox
    new_sign_on_emails: bool = False

    async def verify_password(self, login: str, password: str) -> User:
        """Return the user; raise NoSuchUser or WrongPassword.

        Deviation: passwords are kept and compared as given; they are test data, and deriving keys
        from them would make every test wait.
        """
        user = await self._user_by_login(login)
        if user is None:
            raise NoSuchUser(login)
        if not hmac.compare_digest(_octets(user.password), _octets(password)):
            raise WrongPassword(login)
        return user

    async def make_session_token(
        self, user: User, amr: tuple[str, ...]
    ) -> tuple[str, SessionToken]:
        """Return a one-time session token for a user who proved `amr` just now."""
        value = self.ids.session_token()
        now = self.clock.now()
        token = SessionToken(
            user_id=user.id,
            amr=amr,
            authenticated_at=now,
            expires_at=now + SESSION_TOKEN_LIFETIME,
        )
        await self.storage.session_tokens.put(value, token)
        return value, token

    async def start_session(self, session_token: str) -> Session:
        """Spend the session token for a session; raise SpentOrExpired."""
        token = await self.storage.session_tokens.take(session_token)
        if token is None or token.expires_at <= self.clock.now():
            raise SpentOrExpired(session_token)
        now = self.clock.now()
        session = Session(
            id=self.ids.session_id(),
            user_id=token.user_id,
            amr=token.amr,
            created_at=now,
            authenticated_at=token.authenticated_at,
            expires_at=now + SESSION_LIFETIME,
        )
        await self.storage.sessions.put(session.id, session)
        return session

    async def live_session(self, session_id: str | None) -> Session | None:
        """Return the session if there is one, it has not ended, and its user still exists."""
        session = await self.storage.sessions.get(session_id or "")
        if session is None or session.expires_at <= self.clock.now():
            return None
        return None if await self.user_of(session) is None else session

    async def refresh_session(self, session: Session) -> Session | None:
        """Let the session last its whole lifetime from now on."""
        expires_at = self.clock.now() + SESSION_LIFETIME
        return await self.storage.sessions.update(
            session.id, lambda kept: msgspec.structs.replace(kept, expires_at=expires_at)
        )

    async def end_session(self, session_id: str) -> None:
        """End the session, if there is one."""
        await self.storage.sessions.take(session_id)

    async def user_of(self, session: Session) -> User | None:
        """Return the session's user; None when the user was removed meanwhile."""
        return await self.storage.users.get(session.user_id)

    async def note_device(self, user_id: str, device_token: str) -> None:
        """Tell the user by e-mail of a sign-in from a new device, if the org does so."""
        user = await self.storage.users.get(user_id)
        key = f"{user_id} {device_token}"
        if not self.new_sign_on_emails or user is None:
            return
        if await self.storage.known_devices.get(key) is None:
            await self.storage.known_devices.put(key, key)
            await self.outbox.send_email(
                user,
                "new-sign-on",
                "New sign-on detected for your account",
                f"Your account {user.login} was used to sign in from a new device or browser.",
            )

    async def _user_by_login(self, login: str) -> User | None:
        user_id = await self.storage.user_ids.get(login.lower())
        return None if user_id is None else await self.storage.users.get(user_id)


def _octets(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
