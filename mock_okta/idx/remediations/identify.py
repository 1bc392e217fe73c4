"""`identify`: who signs in, with a field for the password if everybody needs it."""

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from mock_okta.idx.ion import Ion, field, nested
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import ANEW, CLEARED, Settling
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import LockedOut, NoSuchUser, NotSignable, Unsuitable, WrongPassword
from mock_okta.model.identity_providers import IdentityProvider
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.services.sign_in.external_sign_in import ExternalSignIn
from mock_okta.services.users.credentials import SIGNABLE, Credentials

__all__ = ["Identify", "told_by"]


class Identify(Remediation, frozen=True, kw_only=True):
    """Begins a sign-in, also one that stands elsewhere already.

    okta-auth-js goes back to it when a later step is refused. Somebody else, or the same user
    again, starts anew: what was proved so far is forgotten. Whom a routing rule sends to an
    identity provider is offered nothing but that, whether or not the org has the user.
    """

    name = "identify"
    path = "identify"

    credentials: Credentials
    external: ExternalSignIn
    settling: Settling

    def fields(self, scene: Scene) -> Iterable[Ion]:
        yield field("identifier", label="Username", required=True)
        if scene.asks_password:
            passcode = field("passcode", label="Password", secret=True)
            yield nested("credentials", [passcode], required=True)
        yield field("rememberMe", type="boolean", label="Keep me signed in")

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        login = call.body.identifier
        if not login:
            raise Unsuitable("identifier", "The field cannot be left blank")
        provider = await self.external.provider_for(login)
        if provider is not None:
            return await self._sent_to(provider, scene.transaction, login, call)
        password = call.body.credentials.passcode
        user = await (self._found(login) if password is None else self._proved_by(login, password))
        fresh = structs.replace(scene.transaction, amr=(), proofs=())
        proved: dict[str, Any] = {}
        if password is not None:
            proved = self.settling.needs.with_proof(fresh, FactorKey.PASSWORD)
        return await self.settling.settle(fresh, user, **{**ANEW, **proved, **told_by(call)})

    async def _sent_to(
        self, provider: IdentityProvider, transaction: IdentityTransaction, login: str, call: Call
    ) -> IdentityTransaction:
        return await self.settling.transactions.advance(
            transaction,
            **{**CLEARED, **ANEW, **told_by(call), "draft": {"provider": provider.id}},
            screen=Screen.SENT_TO_PROVIDER,
            user_id=None,
            login=login,
            message=None,
        )

    async def _proved_by(self, login: str, password: str) -> User:
        """Return the user with that password; a wrong one is answered like an unknown name."""
        try:
            return await self.credentials.verify(login, password)
        except WrongPassword as wrong:
            raise NoSuchUser(login) from wrong
        except LockedOut as locked:
            if locked.is_shown:
                raise
            raise NoSuchUser(f"{login} is locked out, and the policy hides that") from locked

    async def _found(self, login: str) -> User:
        found = await self.credentials.find(login)
        if found is None:
            raise NoSuchUser(login)
        user = await self.credentials.unlocked_by_time(found)
        if user.status is UserStatus.LOCKED_OUT:
            locked = await self.credentials.lock_out_of(user)
            if locked.is_shown:
                raise locked
            return user  # nothing that they prove will do
        if user.status not in SIGNABLE:
            raise NotSignable(f"{login} is {user.status}")
        return user


def told_by(call: Call) -> dict[str, Any]:
    """Return what the browser says of itself, and what the user wants it to do."""
    return {
        "device_token": call.device_token,
        "fingerprint": call.fingerprint,
        "keeps_signed_in": bool(call.body.remember_me),
    }
