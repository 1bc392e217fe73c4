"""`challenge-webauthn-autofillui-authenticator`: a passkey says who the user is, and proves it."""

from collections.abc import Iterable

from msgspec import structs

from mock_okta.idx.ion import Ion, field, nested
from mock_okta.idx.passkeys import CHALLENGE, challenge_value, fills_in
from mock_okta.idx.remediations.identify import told_by
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import ANEW, Settling
from mock_okta.model.directory import User
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import NotSignable, WrongPasscode
from mock_okta.model.interactions import IdentityTransaction
from mock_okta.model.progress import Challenge
from mock_okta.services.factors import Factors, Given
from mock_okta.services.factors.webauthn import owner_of
from mock_okta.services.sign_in.proving import Proving
from mock_okta.services.users.credentials import SIGNABLE, Credentials

__all__ = ["ChallengeWebauthnAutofill"]


class ChallengeWebauthnAutofill(Remediation, frozen=True, kw_only=True):
    """Takes the signature of a passkey that the browser offered at the field for the name.

    The page does not say which of the user's keys it was: it is the one whose signature fits. A
    wrong one counts towards no lockout, since anybody may name a user.
    """

    name = "challenge-webauthn-autofillui-authenticator"
    path = "challenge/answer/webauthn-autofillui"

    credentials: Credentials
    factors: Factors
    proving: Proving
    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        return fills_in(scene)

    def relates_to(self, scene: Scene) -> str | None:
        return CHALLENGE

    def fields(self, scene: Scene) -> Iterable[Ion]:
        parts = (
            ("authenticatorData", "Authenticator Data", True),
            ("clientData", "Client Data", True),
            ("signatureData", "Signature Data", True),
            ("userHandle", "User Handle", False),
        )
        asked = [
            field(name, label=label, required=required, visible=False)
            for name, label, required in parts
        ]
        yield nested("credentials", asked, required=True)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        user = await self._proved_by(scene.transaction, call)
        verifies_user = await self.factors.kind(FactorKey.WEBAUTHN).verifies_user(call.given)
        fresh = structs.replace(scene.transaction, amr=(), proofs=())
        proved = self.settling.needs.with_proof(
            fresh, FactorKey.WEBAUTHN, verifies_user=verifies_user
        )
        return await self.settling.settle(fresh, user, **{**ANEW, **proved, **told_by(call)})

    async def _proved_by(self, transaction: IdentityTransaction, call: Call) -> User:
        """Return whose passkey signed. Raises WrongPasscode, NotSignable."""
        handle = call.body.credentials.user_handle or ""
        found = await owner_of(self.settling.world.storage, handle)
        if found is None:
            raise WrongPasscode(f"no user has the handle {handle!r}")
        user = await self.credentials.unlocked_by_time(found)
        if user.status not in SIGNABLE:
            raise NotSignable(f"{user.login} is {user.status}")
        return await self._signed(user, transaction, call.given)

    async def _signed(self, user: User, transaction: IdentityTransaction, given: Given) -> User:
        challenge = Challenge(
            value=challenge_value(transaction.handle),
            sent_at=self.settling.world.clock.now(),
            expires_at=transaction.expires_at,
        )
        wrong = WrongPasscode(f"{user.login} has no passkey")
        for key in user.factors:
            if key.key is FactorKey.WEBAUTHN:
                try:
                    return await self.proving.prove(user, key, challenge, given, counts=False)
                except WrongPasscode as failure:
                    wrong = failure
        raise wrong
