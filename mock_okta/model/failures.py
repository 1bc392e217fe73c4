"""What can go wrong in services; each feature turns it into its own API's error."""

from mock_okta.model.progress import RecoveryType

__all__ = [
    "CodeUsed",
    "Failure",
    "LinkSpent",
    "LockedOut",
    "LoginTaken",
    "MoreIsDue",
    "NoSuchUser",
    "NotAssigned",
    "NotInTheForm",
    "NotSignable",
    "NotWaiting",
    "Overtaken",
    "PasswordRefused",
    "PolicyRefused",
    "RecoveryRefused",
    "SentRecently",
    "SpentOrExpired",
    "TooManyGuesses",
    "Unanswered",
    "Unsuitable",
    "WrongAnswer",
    "WrongPasscode",
    "WrongPassword",
]


class Failure(Exception):
    """Something a service could not do for the caller."""


class WrongPassword(Failure):
    """The password is not the user's."""


class NoSuchUser(Failure):
    """No user has that login."""


class SpentOrExpired(Failure):
    """A one-time or short-lived value is unknown, used, or too old."""


class TooManyGuesses(Failure):
    """The user has entered too many wrong codes, and must wait before the next."""


class LinkSpent(SpentOrExpired):
    """The link of a message is used, too old, or no longer needed."""


class NotAssigned(Failure):
    """The user is not assigned to the app."""


class PolicyRefused(Failure):
    """No rule of the authorization server's access policies allows the request."""


class MoreIsDue(PolicyRefused):
    """The password is right, but more is required than this way of signing in can ask for."""


class NotSignable(Failure):
    """The user's status does not allow a sign-in, such as STAGED, SUSPENDED or DEPROVISIONED."""


class LockedOut(Failure):
    """The user is locked out; `is_shown`: the policy allows showing that."""

    def __init__(self, login: str, *, is_shown: bool) -> None:
        super().__init__(login)
        self.is_shown = is_shown


class PasswordRefused(Failure):
    """The new password breaks the policy; each cause is a sentence for the user."""

    def __init__(self, *causes: str) -> None:
        super().__init__(*causes)
        self.causes = causes


class RecoveryRefused(Failure):
    """The user's policy or status does not allow this type of recovery; the text says why."""

    def __init__(self, recovery_type: RecoveryType, why: str) -> None:
        super().__init__(why)
        self.recovery_type = recovery_type


class WrongAnswer(Failure):
    """The answer to the recovery question is not the user's."""


class WrongPasscode(Failure):
    """The passcode, answer or signature is wrong; the text is for the user."""


class CodeUsed(Failure):
    """The one-time password was used before."""


class SentRecently(Failure):
    """A passcode was sent less than 30 s ago by that channel (`sms`, `call`, `email`)."""


class Unanswered(Failure):
    """The user was asked on another device and has not approved; `answer` is the current answer."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class NotWaiting(Failure):
    """The push request is answered or too old; the text says which."""


class Unsuitable(Failure):
    """A value that the user gave for a factor is not acceptable: `field` and why."""

    def __init__(self, field: str, cause: str) -> None:
        super().__init__(f"{field}: {cause}")
        self.field = field
        self.cause = cause


class LoginTaken(Failure):
    """Another user has that login; the text is the title of the form's `field` for it."""

    def __init__(self, title: str, *, field: str = "email") -> None:
        super().__init__(title)
        self.field = field


class NotInTheForm(Failure):
    """A registration has an attribute that the form does not have; the text is its name."""


class Overtaken(Failure):
    """Another request changed the transaction first."""
