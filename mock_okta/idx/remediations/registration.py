"""Sign-up: `select-enroll-profile`, `enroll-profile`, and back by `select-identify`."""

from collections.abc import Iterable

from msgspec import structs

from mock_okta.idx.authenticators import AUTHENTICATORS, EMAIL
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.enrolled import Enrolled, email_of
from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, field, nested
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import CLEARED, Settling
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.users.registration import LONGEST_FIELD, Registrations

__all__ = ["EnrollProfile", "SelectEnrollProfile", "SelectIdentify"]


class SelectEnrollProfile(Remediation, frozen=True, kw_only=True):
    """The link to sign up, if the org allows that."""

    name = "select-enroll-profile"
    path = "enroll"

    transactions: Transactions[IdentityTransaction]

    def is_offered(self, scene: Scene) -> bool:
        return scene.registration is not None

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        return await self.transactions.advance(
            scene.transaction,
            **CLEARED,
            screen=Screen.REGISTER,
            purpose=Purpose.REGISTRATION,
            amr=(),
            message=None,
        )


class SelectIdentify(Remediation, frozen=True, kw_only=True):
    """The way back for people who have an account."""

    name = "select-identify"
    path = "identify/select"

    transactions: Transactions[IdentityTransaction]

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        return await self.transactions.advance(
            scene.transaction, screen=Screen.IDENTIFY, purpose=Purpose.SIGN_IN, message=None
        )


class EnrollProfile(Remediation, frozen=True, kw_only=True):
    """The form of the org's registration policy, with the password in it where the policy says so.

    Where the policy has people prove their address, they enrol it next: okta-auth-js does not know
    `challenge-authenticator` in a registration. A password that is not in the form is enrolled too.
    """

    name = "enroll-profile"
    path = "enroll/new"

    registrations: Registrations
    challenges: Challenges
    settling: Settling

    def fields(self, scene: Scene) -> Iterable[Ion]:
        if scene.registration is None:
            return
        asked = [
            field(
                each.name,
                label=each.title,
                required=each.required,
                minLength=1,
                maxLength=LONGEST_FIELD,
            )
            for each in scene.registration.fields
        ]
        email = field("email", label="Email", required=True)
        yield {"name": "userProfile", "form": {"value": [*asked, email]}}
        if scene.registration.asks_password:
            passcode = field("passcode", label="Password", required=True, secret=True)
            about = {"required": True, "relatesTo": "$.currentAuthenticator"}
            yield nested("credentials", [passcode], **about)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        policy = scene.registration
        if policy is None:
            raise NotOffered("the org lets nobody register")
        given = {**(call.body.user_profile or {})}
        if policy.asks_password and call.body.credentials.passcode is not None:
            given["password"] = call.body.credentials.passcode
        claimed = await self.settling.transactions.claim(scene.transaction)
        try:
            user = await self.registrations.create(
                policy, given, asks_password=policy.asks_password
            )
        except BaseException:
            await self.settling.transactions.advance(claimed, is_claimed=False)
            raise
        return await self._goes_on(structs.replace(claimed, amr=(), proofs=()), user, call)

    async def _goes_on(
        self, claimed: IdentityTransaction, user: User, call: Call
    ) -> IdentityTransaction:
        """Go on as the new user: at once to the address, if nothing else is to be enrolled."""
        known = {"device_token": call.device_token, "is_claimed": False}
        if not user.password:
            return await self.settling.settle(claimed, user, **known)
        proof = self.settling.needs.with_proof(claimed, FactorKey.PASSWORD)
        if user.status is not UserStatus.PROVISIONED:
            return await self.settling.settle(claimed, user, **proof, is_claimed=False)
        email = email_of(user)
        enrolled = Enrolled(authenticator=AUTHENTICATORS[EMAIL], factors={"email": email})
        return await self.challenges.begin(
            claimed,
            user,
            enrolled,
            "email",
            screen=Screen.ENROL,
            enrolling=email,
            user_id=user.id,
            login=user.login,
            **proof,
            **known,
        )
