"""Failures of services as errors of `/api/v1/authn` (facts/classic C.5)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from mock_okta.model.failures import (
    CodeUsed,
    Failure,
    LinkSpent,
    LockedOut,
    NoSuchUser,
    NotSignable,
    PasswordRefused,
    PolicyRefused,
    RecoveryRefused,
    SentRecently,
    SpentOrExpired,
    Unsuitable,
    WrongAnswer,
    WrongPasscode,
    WrongPassword,
)
from mock_okta.model.progress import RecoveryType
from mock_okta.web.errors import (
    ApiError,
    AuthenticationFailed,
    InvalidApiToken,
    ValidationFailed,
)
from mock_okta.web.json_bodies import wire_name

__all__ = ["CredentialsNotUpdated", "NotAllowedNow", "UnknownUser", "failures_rendered"]


class CredentialsNotUpdated(ApiError):
    """The old password is wrong, or the policy refuses the new one."""

    status = 403
    code = "E0000014"
    summary = "Update of credentials failed"


class UnlockNotAllowed(ApiError):
    """The policy or the user's status does not allow the user to unlock their account."""

    status = 403
    code = "E0000032"
    summary = "Unlock is not allowed for this user."


class ForgotPasswordNotAllowed(ApiError):
    """The policy or the user's status does not allow the user to reset their password."""

    status = 403
    code = "E0000034"
    summary = "Forgot password not allowed on specified user."


class InvalidPasscode(ApiError):
    """The passcode, answer or signature is wrong; the widget shows the cause to the user."""

    status = 403
    code = "E0000068"
    summary = "Invalid Passcode/Answer"


class UserLocked(ApiError):
    """Too many wrong passcodes locked the user out."""

    status = 403
    code = "E0000069"
    summary = "User Locked"


class NotAllowedNow(ApiError):
    """The transaction's status does not allow the operation."""

    status = 403
    code = "E0000079"
    summary = "This operation is not allowed in the current authentication state."

    def __init__(self, *, remark: str = "") -> None:
        super().__init__(remark=remark, causes=(self.summary,))


class PasswordTooSimple(ApiError):
    """The new password does not meet the policy."""

    status = 403
    code = "E0000080"
    summary = (
        "The password does not meet the complexity requirements of the current password policy."
    )


class WrongRecoveryAnswer(ApiError):
    """The answer to the recovery question is wrong."""

    status = 403
    code = "E0000087"
    summary = "The recovery question answer did not match our records."


class UnknownUser(ApiError):
    """No user has that login; only a trusted caller gets this error."""

    status = 403
    code = "E0000095"
    summary = "Recovery not allowed for unknown user."


class RecoveryLinkSpent(ApiError):
    """The link of a recovery has expired, or was used before."""

    status = 403
    code = "E0000105"
    summary = "You have accessed an account recovery link that has expired or been previously used."


class PasscodeUsed(ApiError):
    """A one-time password was used twice."""

    status = 403
    code = "E0000082"
    summary = "Each code can only be used once. Please wait for a new code and try again."


class SmsSentRecently(ApiError):
    """An SMS went out less than 30 s ago."""

    status = 429
    code = "E0000109"
    summary = "An SMS message was recently sent. Please wait 30 seconds before trying again."


class EmailSentRecently(ApiError):
    """An e-mail went out less than 5 s ago."""

    status = 429
    code = "E0000118"
    summary = "An email was recently sent. Please wait 5 seconds before trying again."


class CallMadeRecently(ApiError):
    """A call was made less than 30 s ago."""

    status = 429
    code = "E0000133"
    summary = "A phone call was recently made. Please wait 30 seconds before trying again."


class InvalidPhone(ApiError):
    """This is not a phone number; the widget offers to try it anyway."""

    status = 400
    code = "E0000098"
    summary = "This phone number is invalid."


_SENT_RECENTLY: Mapping[str, type[ApiError]] = MappingProxyType(
    {"sms": SmsSentRecently, "email": EmailSentRecently, "call": CallMadeRecently}
)


def _failed(failure: Failure) -> ApiError:
    return AuthenticationFailed(remark=f"{type(failure).__name__}: {failure}")


def _unsuitable(failure: Failure) -> ApiError:
    assert isinstance(failure, Unsuitable)  # noqa: S101 -- the table calls it only for that type
    if failure.field == "phone_number":
        return InvalidPhone(remark=str(failure))
    field = wire_name(failure.field)
    return ValidationFailed(field, f"{field}: {failure.cause}")


def _password_refused(failure: Failure) -> ApiError:
    return PasswordTooSimple(remark=str(failure), causes=tuple(str(each) for each in failure.args))


def _recovery_refused(failure: Failure) -> ApiError:
    assert isinstance(failure, RecoveryRefused)  # noqa: S101 -- the table calls it only for that type
    if failure.recovery_type is RecoveryType.UNLOCK:
        return UnlockNotAllowed(remark=str(failure))
    return ForgotPasswordNotAllowed(remark=str(failure))


def _sent_recently(failure: Failure) -> ApiError:
    return _SENT_RECENTLY[str(failure)](remark=f"{failure} sent a moment ago")


def _wrong_passcode(failure: Failure) -> ApiError:
    return InvalidPasscode(remark=str(failure), causes=(str(failure),))


_SAID: Mapping[type[Failure], Callable[[Failure], ApiError]] = MappingProxyType(
    {
        NoSuchUser: _failed,
        WrongPassword: _failed,
        NotSignable: _failed,
        PolicyRefused: _failed,
        LockedOut: lambda failure: UserLocked(remark=f"{failure} is locked out"),
        SpentOrExpired: lambda failure: InvalidApiToken(remark=str(failure)),
        LinkSpent: lambda failure: RecoveryLinkSpent(remark=str(failure)),
        RecoveryRefused: _recovery_refused,
        WrongAnswer: lambda failure: WrongRecoveryAnswer(remark=str(failure)),
        WrongPasscode: _wrong_passcode,
        CodeUsed: lambda failure: PasscodeUsed(remark=f"the code of {failure} was used before"),
        SentRecently: _sent_recently,
        PasswordRefused: _password_refused,
        Unsuitable: _unsuitable,
    }
)


@contextmanager
def failures_rendered() -> Iterator[None]:
    """Turn a failure of a service into Okta's error."""
    try:
        yield
    except Failure as failure:
        said = _SAID.get(type(failure))
        if said is None:
            raise
        raise said(failure) from failure
