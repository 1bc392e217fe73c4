"""Failures in the dialect of the Identity Engine: a status and messages (facts/identity C.0)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from mock_okta.model.failures import (
    CodeUsed,
    Failure,
    LockedOut,
    LoginTaken,
    NoSuchUser,
    NotAssigned,
    NotInTheForm,
    NotSignable,
    PasswordRefused,
    PolicyRefused,
    RecoveryRefused,
    SentRecently,
    SpentOrExpired,
    TooManyGuesses,
    Unsuitable,
    WrongAnswer,
    WrongPasscode,
    WrongPassword,
)
from mock_okta.model.interactions import Shown
from mock_okta.model.progress import RecoveryType
from mock_okta.services.factors.question import ANSWER_TOO_SHORT, HAS_TAGS
from mock_okta.services.users.registration import LEFT_OUT, NO_ADDRESS, NO_ADDRESS_AS_LOGIN

__all__ = ["NotOffered", "Refusal", "UnknownToRecover", "WrongSoftToken", "refusal_of"]


class NotOffered(Failure):
    """What was posted is not offered where the transaction stands."""


class UnknownToRecover(Failure):
    """No user has the name that was given to recover an account; the text is that name."""


class WrongSoftToken(Failure):
    """The code is not one that Google Authenticator shows."""


class Refusal(Struct, frozen=True, kw_only=True):
    """What a client is told: `shown` above the screen, or at the `field` that is wrong.

    `field` is the path of names to it; `a|b` is the one of both that the form has.
    `ends`: nothing more can be done; the document has messages alone.
    """

    status: int
    shown: tuple[Shown, ...]
    field: str | None = None
    ends: bool = False


def _error(key: str, text: str, *params: str) -> Shown:
    return Shown(key=key, text=text, params=params, kind="ERROR")


_AUTHENTICATION_FAILED = _error("errors.E0000004", "Authentication failed")
_LOCKED = _error("errors.E0000119", "Your account is locked. Please contact your administrator.")
_EXPIRED = _error(
    "idx.session.expired",
    "You have been logged out due to inactivity. Refresh or return to the sign in screen.",
)
_DENIED = _error(
    "security.access_denied", "You do not have permission to perform the requested action."
)
_NOT_ASSIGNED = _error(
    "idx.error.user.not.assigned.to.app", "User is not assigned to this application"
)
_INVALID_CODE = _error("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again.")
_WRONG_SOFT_TOKEN = _error(
    "authfactor.challenge.soft_token.invalid_passcode",
    "Your code doesn't match our records. Please try again.",
)
_USED_CODE = _error(
    "authfactor.challenge.soft_token.used_passcode",
    "Each code can only be used once. Please wait for a new code and try again.",
)
_TOO_MANY = _error("tooManyRequests", "Too many requests. Try again later.")
_NOT_ALLOWED = _error(
    "idx.error.not.offered", "This operation is not allowed in the current authentication state."
)
_NO_REGISTRATION = _error(
    "oie.registration.is.not.enabled", "Registration cannot be completed at this time"
)
_NO_RESET = _error(
    "oie.selfservice.reset.password.not.allowed",
    "Reset password is not allowed at this time. Please contact support for assistance.",
)
_NO_UNLOCK = _error(
    "oie.selfservice.user.unlock.not.allowed",
    "Self Service Unlock is not allowed at this time. Please contact support for assistance.",
)


def _unsuitable(failure: Failure) -> Refusal:
    assert isinstance(failure, Unsuitable)  # noqa: S101 -- the table's own row
    if failure.field in _ABOVE and failure.cause != LEFT_OUT:
        return Refusal(status=400, shown=(_ABOVE[failure.field],))
    field = _FIELDS.get(failure.field, f"userProfile.{failure.field}")
    said = _SAID_OF.get(failure.cause)
    key = _KEYS.get(failure.field, "registration.error.invalid")
    return Refusal(status=400, shown=(said or _error(key, failure.cause),), field=field)


_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "phone_number": "authenticator.phoneNumber",
        "phone_extension": "authenticator.phoneExtension",
        "question": "credentials.questionKey",
        "link_phone_number": "phoneNumber",
        "link_email": "email",
        "method_type": "authenticator.methodType",
        "custom_question": "credentials.question",
        "answer": "credentials.answer",
        "password": "credentials.passcode",
        "user_code": "userCode",
        "identifier": "identifier",
        "consent": "consent",
    }
)
_KEYS: Mapping[str, str] = MappingProxyType({"answer": "securityQuestion.answer.invalid"})


_SAID_OF: Mapping[str, Shown] = MappingProxyType(
    {
        LEFT_OUT: _error("registration.error.required", LEFT_OUT),
        NO_ADDRESS: _error(
            "registration.error.doesNotMatchPattern",
            "Provided value for property 'Email' does not match required pattern",
            "Email",
        ),
        NO_ADDRESS_AS_LOGIN: _error(
            "registration.error.invalidLoginEmail",
            "'Username' must be in the form of an email address",
            "Username",
        ),
        ANSWER_TOO_SHORT: _error("securityQuestion.answer.tooShort.arg", ANSWER_TOO_SHORT, "4"),
        HAS_TAGS: _error("tagsNotAllowed", HAS_TAGS),
    }
)
"""What a cause has a message of its own for, at whatever field."""
_ABOVE: Mapping[str, Shown] = MappingProxyType(
    {"phone_number": _error("api.factors.error.sms.invalid_phone", "Invalid Phone Number.")}
)
"""What stands above the form (the widget's sample error-authenticator-enroll-phone-invalid-number):
the key is none of the widget's own, so that its text is shown."""


def _password_refused(failure: Failure) -> Refusal:
    assert isinstance(failure, PasswordRefused)  # noqa: S101 -- the table's own row
    shown = tuple(
        _error("password.passwordRequirementsNotMet", cause, cause) for cause in failure.causes
    )
    return Refusal(status=400, shown=shown, field="credentials.passcode")


def _locked_out(failure: Failure) -> Refusal:
    """Say so where the policy lets it be known; otherwise as for a name that nobody has."""
    assert isinstance(failure, LockedOut)  # noqa: S101 -- the table's own row
    if failure.is_shown:
        return Refusal(status=401, shown=(_LOCKED,))
    return Refusal(status=400, shown=(_AUTHENTICATION_FAILED,))


def _wrong_password(_: Failure) -> Refusal:
    return Refusal(status=401, shown=(_error("incorrectPassword", "Password is incorrect"),))


def _wrong_code(shown: Shown) -> Callable[[Failure], Refusal]:
    """Return what is said at the field of the code, by any name that a code has."""
    return lambda _: Refusal(status=401, shown=(shown,), field="credentials.passcode|totp")


def _unknown_to_recover(failure: Failure) -> Refusal:
    text = f"There is no account with the Username {failure}."
    return Refusal(status=200, shown=(Shown(key="idx.unknown.user", text=text),))


def _recovery_refused(failure: Failure) -> Refusal:
    assert isinstance(failure, RecoveryRefused)  # noqa: S101 -- the table's own row
    is_unlock = failure.recovery_type is RecoveryType.UNLOCK
    return Refusal(status=403, shown=(_NO_UNLOCK if is_unlock else _NO_RESET,))


def _login_taken(failure: Failure) -> Refusal:
    assert isinstance(failure, LoginTaken)  # noqa: S101 -- the table's own row
    title = str(failure)
    shown = _error(
        "registration.error.notUniqueWithinOrg", f"A user with this {title} already exists", title
    )
    return Refusal(status=400, shown=(shown,), field=f"userProfile.{failure.field}")


def _says(status: int, shown: Shown, *, ends: bool = False) -> Callable[[Failure], Refusal]:
    def refusal(_: Failure) -> Refusal:
        return Refusal(status=status, shown=(shown,), ends=ends)

    return refusal


_SAID: Mapping[type[Failure], Callable[[Failure], Refusal]] = MappingProxyType(
    {
        NoSuchUser: _says(400, _AUTHENTICATION_FAILED),
        NotSignable: _says(400, _AUTHENTICATION_FAILED),
        WrongPassword: _wrong_password,
        WrongPasscode: _wrong_code(_INVALID_CODE),
        WrongAnswer: _wrong_code(_INVALID_CODE),
        WrongSoftToken: _wrong_code(_WRONG_SOFT_TOKEN),
        CodeUsed: _wrong_code(_USED_CODE),
        LockedOut: _locked_out,
        UnknownToRecover: _unknown_to_recover,
        NotAssigned: _says(400, _NOT_ASSIGNED),
        PolicyRefused: _says(403, _DENIED, ends=True),
        RecoveryRefused: _recovery_refused,
        SentRecently: _says(429, _TOO_MANY),
        TooManyGuesses: _says(429, _TOO_MANY),
        SpentOrExpired: _says(401, _EXPIRED, ends=True),
        PasswordRefused: _password_refused,
        Unsuitable: _unsuitable,
        LoginTaken: _login_taken,
        NotInTheForm: _says(400, _NO_REGISTRATION),
        NotOffered: _says(400, _NOT_ALLOWED),
    }
)


def refusal_of(failure: Failure) -> Refusal | None:
    """Return what the client is told; None for a failure that has no words here."""
    for kind in type(failure).__mro__:
        said = _SAID.get(kind)
        if said is not None:
            return said(failure)
    return None
