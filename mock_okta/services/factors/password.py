"""The password as a factor: asked again where a policy or a step-up wants it."""

from collections.abc import Mapping
from typing import Any

from mock_okta.domain.directory import User
from mock_okta.domain.factors import Factor, FactorKey
from mock_okta.domain.failures import Unsuitable, WrongPasscode
from mock_okta.domain.transactions import Challenge
from mock_okta.services.credentials import is_same_password
from mock_okta.services.factors.factor import FactorKind, Given

__all__ = ["PasswordFactor"]


class PasswordFactor(FactorKind):
    """Every user has it; nobody enrols it."""

    key = FactorKey.PASSWORD
    type = "password"
    id_prefix = "ufp"
    amr = ("pwd",)

    async def enroll(self, user: User, given: Given) -> Factor:
        raise Unsuitable("factorType", "The password is not enrolled as a factor.")

    async def verify(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        given: Given,
    ) -> Factor:
        if not is_same_password(user.password, given.pass_code):
            raise WrongPasscode("Password is incorrect")
        return factor

    def shown_profile(self, factor: Factor) -> Mapping[str, Any] | None:
        return None
