"""The password as a factor, for sign-ins that did not begin with it."""

from datetime import UTC, datetime

from mock_okta.ids import derived_id
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.failures import Unsuitable, WrongPasscode
from mock_okta.model.progress import Challenge
from mock_okta.services.factors.factor import FactorKind, Given
from mock_okta.services.users.credentials import is_same_password

__all__ = ["WRONG_PASSWORD", "PasswordFactor", "password_of"]

WRONG_PASSWORD = "Password is incorrect"


def password_of(login: str) -> Factor:
    """Return the password as a factor; it looks the same if no user has that login."""
    factor_id = derived_id(PasswordFactor.id_prefix, login.lower())
    since = datetime.min.replace(tzinfo=UTC)
    return Factor(id=factor_id, key=FactorKey.PASSWORD, created_at=since)


class PasswordFactor(FactorKind, frozen=True, kw_only=True):
    """Every user has it; it cannot be enrolled."""

    key = FactorKey.PASSWORD
    id_prefix = "ufp"
    amr = ("pwd",)

    async def enroll(self, user: User, given: Given) -> Factor:
        raise Unsuitable("factor_type", "The password is not enrolled as a factor.")

    async def verify(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        given: Given,
    ) -> Factor:
        if not is_same_password(user.password, given.pass_code):
            raise WrongPasscode(WRONG_PASSWORD)
        return factor
