"""Assurances and proofs of the tests of what a sign-in has to prove."""

from datetime import UTC, datetime, timedelta

from mock_okta.model.assurance import (
    Assurance,
    AuthenticationMethod,
    Constraint,
    FactorConstraint,
    PossessionConstraint,
    Proof,
)
from mock_okta.model.factors import FactorKey
from mock_okta.services.sign_in.evidence import Evidence

NOW = datetime(2031, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PWD, KBA, MAIL = FactorKey.PASSWORD, FactorKey.QUESTION, FactorKey.EMAIL
SMS, CALL, GOOGLE = FactorKey.SMS, FactorKey.CALL, FactorKey.GOOGLE_OTP
OTP, PUSH, KEY = FactorKey.OKTA_OTP, FactorKey.OKTA_PUSH, FactorKey.WEBAUTHN
TOKEN = FactorKey.CUSTOM_OTP
# FastPass counts for the same as a security key.
EVERYTHING = frozenset(FactorKey) - {FactorKey.SIGNED_NONCE}
ONE = Assurance()
PASSWORD = Assurance(constraints=(Constraint(knowledge=FactorConstraint(types=("password",))),))


def having(**wanted: object) -> Assurance:
    """Return an assurance of one factor that the user has, which must be like that."""
    return Assurance(constraints=(Constraint(possession=PossessionConstraint(**wanted)),))  # type: ignore[arg-type] -- as the tables have it


RESISTANT = having(phishing_resistant="REQUIRED")
VERIFIED = having(user_verification="REQUIRED")
BOUND = having(device_bound="REQUIRED")
HARDWARE = having(hardware_protection="REQUIRED")
PHONE = having(types=("phone",))
TEXT = having(methods=("sms",))
OKTA_VERIFY = having(authentication_methods=(AuthenticationMethod(key="okta_verify"),))
OKTA_PUSH = having(authentication_methods=(AuthenticationMethod(key="okta_verify", method="push"),))
NO_PHONE = having(excluded_authentication_methods=(AuthenticationMethod(key="phone_number"),))
BOUND_IF_ANY = Assurance(
    factor_mode="2FA",
    constraints=(
        Constraint(
            knowledge=FactorConstraint(required=False, types=("password",)),
            possession=PossessionConstraint(required=False, device_bound="REQUIRED"),
        ),
    ),
)
"""As recorded (Okta's Terraform provider, `factorMode` 2FA with nothing required of either)."""
RESISTANT_OR_PASSWORD_AND_PHONE = Assurance(
    constraints=(
        Constraint(possession=PossessionConstraint(phishing_resistant="REQUIRED")),
        Constraint(
            knowledge=FactorConstraint(types=("password",)),
            possession=PossessionConstraint(types=("phone",)),
        ),
    )
)


def proof(*keys: FactorKey, ago: timedelta = timedelta(), verified: bool = False) -> Proof:
    return Proof(keys=frozenset(keys), at=NOW - ago, verifies_user=verified)


def proved(*keys: FactorKey) -> Evidence:
    return Evidence(now=NOW, proofs=tuple(map(proof, keys)))
