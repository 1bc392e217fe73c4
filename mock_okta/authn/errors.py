"""Failures in the dialect of `/api/v1/authn` (facts/classic C.5)."""

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

__all__ = ["CredentialsNotUpdated", "NotAllowedNow", "UnknownUser", "failures_told"]


class CredentialsNotUpdated(ApiError):
    """The old password is not the user's, or the new one will not do."""

    status = 403
    code = "E0000014"
    summary = "Update of credentials failed"


class UnlockNotAllowed(ApiError):
    """Policy or status forbid that the user unlocks themselves."""

    status = 403
    code = "E0000032"
    summary = "Unlock is not allowed for this user."


class ForgotPasswordNotAllowed(ApiError):
    """Policy or status forbid that the user resets their password."""

    status = 403
    code = "E0000034"
    summary = "Forgot password not allowed on specified user."


class InvalidPasscode(ApiError):
    """The passcode, answer or signature proves nothing; the cause is shown to the user."""

    status = 403
    code = "E0000068"
    summary = "Invalid Passcode/Answer"


class UserLocked(ApiError):
    """Too many wrong passcodes locked the user out."""

    status = 403
    code = "E0000069"
    summary = "User Locked"


class NotAllowedNow(ApiError):
    """The transaction's table has no such step from where it stands."""

    status = 403
    code = "E0000079"
    summary = "This operation is not allowed in the current authentication state."

    def __init__(self, *, remark: str = "") -> None:
        super().__init__(remark=remark, causes=(self.summary,))


class PasswordTooSimple(ApiError):
    """The new password is not what the policy asks for."""

    status = 403
    code = "E0000080"
    summary = (
        "The password does not meet the complexity requirements of the current password policy."
    )


class WrongRecoveryAnswer(ApiError):
    """The answer to the recovery question is not the user's."""

    status = 403
    code = "E0000087"
    summary = "The recovery question answer did not match our records."


class UnknownUser(ApiError):
    """A trusted caller, who may know, asks for nobody."""

    status = 403
    code = "E0000095"
    summary = "Recovery not allowed for unknown user."


class RecoveryLinkSpent(ApiError):
    """The link of a recovery is too old, or was used."""

    status = 403
    code = "E0000105"
    summary = "You have accessed an account recovery link that has expired or been previously used."


class PasscodeUsed(ApiError):
    """A one-time password came twice."""

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
    """The phone number is none; the widget offers to try it all the same."""

    status = 400
    code = "E0000098"
    summary = "This phone number is invalid."


_SENT_RECENTLY: Mapping[str, type[ApiError]] = MappingProxyType(
    {"sms": SmsSentRecently, "email": EmailSentRecently, "call": CallMadeRecently}
)


def _failed(failure: Failure) -> ApiError:
    return AuthenticationFailed(remark=f"{type(failure).__name__}: {failure}")


def _unsuitable(failure: Failure) -> ApiError:
    assert isinstance(failure, Unsuitable)  # noqa: S101 -- the table's own row
    if failure.field == "phone_number":
        return InvalidPhone(remark=str(failure))
    field = wire_name(failure.field)
    return ValidationFailed(field, f"{field}: {failure.cause}")


def _password_refused(failure: Failure) -> ApiError:
    return PasswordTooSimple(remark=str(failure), causes=tuple(str(each) for each in failure.args))


def _recovery_refused(failure: Failure) -> ApiError:
    assert isinstance(failure, RecoveryRefused)  # noqa: S101 -- the table's own row
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
def failures_told() -> Iterator[None]:
    """Turn a failure below the wire into Okta's error."""
    try:
        yield
    except Failure as failure:
        said = _SAID.get(type(failure))
        if said is None:
            raise
        raise said(failure) from failure
