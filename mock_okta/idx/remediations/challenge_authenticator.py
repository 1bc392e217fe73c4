"""`challenge-authenticator`: the proof itself."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mock_okta.idx.authenticators import GOOGLE, OKTA_VERIFY, PASSWORD, QUESTION, WEBAUTHN
from mock_okta.idx.errors import NotOffered, WrongSoftToken
from mock_okta.idx.ion import Ion, field, nested
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import Settling
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.failures import Failure, LockedOut, WrongPasscode, WrongPassword
from mock_okta.model.interactions import IdentityTransaction, Purpose
from mock_okta.services.factors import Factors
from mock_okta.services.factors.question import question_text
from mock_okta.services.sign_in.proving import Proving
from mock_okta.services.users.credentials import Credentials

__all__ = ["ChallengeAuthenticator"]

_WRONG: Mapping[str, type[Failure]] = MappingProxyType(
    {PASSWORD: WrongPassword, GOOGLE: WrongSoftToken}
)


class ChallengeAuthenticator(Remediation, frozen=True, kw_only=True):
    """Takes a password, a passcode, an answer or a signature.

    A wrong passcode counts towards a lockout while somebody signs in, not while they recover, which
    they may do because they are locked out; a wrong answer always counts. A
    locked-out user who proves the first thing does not hear so, where the policy hides that.
    """

    name = "challenge-authenticator"
    path = "challenge/answer"

    credentials: Credentials
    factors: Factors
    proving: Proving
    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        return scene.factor is not None and not self.factors.kind(scene.factor.key).polls

    def relates_to(self, scene: Scene) -> str | None:
        return None if scene.current is None else f"$.{scene.current.authenticator.stands_as}"

    def fields(self, scene: Scene) -> Iterable[Ion]:
        yield nested("credentials", _asked(scene), required=True)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        try:
            return await self._proved(scene, call)
        except WrongPasscode as wrong:
            raise _wrong(scene)(str(wrong)) from wrong
        except LockedOut as locked:
            shows = scene.passwords.lockout.show_lockout_failures
            if shows or scene.transaction.amr:
                raise
            said = f"{locked} is locked out, and the policy hides that"
            raise _wrong(scene)(said) from locked

    async def _proved(self, scene: Scene, call: Call) -> IdentityTransaction:
        user, factor, transaction = scene.user, scene.factor, scene.transaction
        if user is None or factor is None:
            raise NotOffered("nothing is challenged")
        if transaction.authenticator == PASSWORD:
            user = await self.credentials.verify(user.login, call.given.pass_code)
        else:
            counts = transaction.purpose is Purpose.SIGN_IN or factor.key is FactorKey.QUESTION
            user = await self.proving.prove(
                user, factor, transaction.challenge, call.given, counts=counts
            )
        verifies_user = await self.factors.kind(factor.key).verifies_user(call.given)
        return await self.settling.proved(
            transaction, user, factor.key, verifies_user=verifies_user
        )


def _wrong(scene: Scene) -> type[Failure]:
    """Return what a wrong proof of the authenticator is called."""
    return _WRONG.get(scene.transaction.authenticator or "", WrongPasscode)


def _asked(scene: Scene) -> Iterable[Ion]:
    """Return the fields that the authenticator's proof has."""
    match scene.transaction.authenticator:
        case _ if scene.factor is None:
            return
        case key if key == PASSWORD:
            yield field("passcode", label="Password", secret=True)
        case key if key == QUESTION:
            yield from _question(scene.factor)
        case key if key == OKTA_VERIFY:
            yield field("totp", label="Enter code from Okta Verify app", required=True)
        case key if key == WEBAUTHN:
            for name, label in (
                ("authenticatorData", "Authenticator Data"),
                ("clientData", "Client Data"),
                ("signatureData", "Signature Data"),
            ):
                yield field(name, label=label, required=True, visible=False)
        case _:
            yield field("passcode", label="Enter code", required=True)


def _question(factor: Factor) -> Iterable[Ion]:
    key, label = str(factor.profile["question"]), question_text(factor.profile)
    yield field("questionKey", required=True, value=key, visible=False, mutable=False, label=label)
    yield field("answer", label="Answer", required=True, secret=True)
