"""The next step of a sign-in as a status of Classic Engine (facts/classic C.2)."""

from collections.abc import Mapping
from types import MappingProxyType

from mock_okta.model.progress import Step
from mock_okta.model.transactions import Status

__all__ = ["STATUS_OF", "STEP_OF"]

STATUS_OF: Mapping[Step, Status] = MappingProxyType(
    {
        Step.PROVE_FACTOR: Status.MFA_REQUIRED,
        Step.RENEW_PASSWORD: Status.PASSWORD_EXPIRED,
        Step.WARN_PASSWORD: Status.PASSWORD_WARN,
        Step.ENROLL_FACTOR: Status.MFA_ENROLL,
    }
)
STEP_OF: Mapping[Status, Step] = MappingProxyType(
    {status: step for step, status in STATUS_OF.items()}
)
