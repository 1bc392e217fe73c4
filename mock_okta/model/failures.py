"""What can go wrong below the wire; each feature says it in its own dialect."""

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
    """Nobody has that login."""


class SpentOrExpired(Failure):
    """A one-time or short-lived value was unknown, used before, or too old."""


class TooManyGuesses(Failure):
    """The user has entered so many wrong codes that no more are taken for a while."""


class LinkSpent(SpentOrExpired):
    """The link of a message was opened before, is too old, or is of no use any more."""


class NotAssigned(Failure):
    """The user is not assigned to the app."""


class PolicyRefused(Failure):
    """No rule of the authorization server's access policies covers what is asked."""


class MoreIsDue(PolicyRefused):
    """The password is right, and more is asked of the user than whoever sent it can ask."""


class NotSignable(Failure):
    """The user's status lets nobody sign in: they are staged, suspended or deprovisioned, say."""


class LockedOut(Failure):
    """The user is locked out; `is_shown` says whether the policy lets that be known."""

    def __init__(self, login: str, *, is_shown: bool) -> None:
        super().__init__(login)
        self.is_shown = is_shown


class PasswordRefused(Failure):
    """The new password is not what the policy asks for; each cause is a sentence for the user."""

    def __init__(self, *causes: str) -> None:
        super().__init__(*causes)
        self.causes = causes


class RecoveryRefused(Failure):
    """Neither the user's policy nor their status lets them recover so: the type, and why."""

    def __init__(self, recovery_type: RecoveryType, why: str) -> None:
        super().__init__(why)
        self.recovery_type = recovery_type


class WrongAnswer(Failure):
    """The answer to the recovery question is not the user's."""


class WrongPasscode(Failure):
    """The passcode, answer or signature proves nothing; the text is for the user."""


class CodeUsed(Failure):
    """The one-time password was used before."""


class SentRecently(Failure):
    """A passcode went out less than 30 s ago by that way (`sms`, `call`, `email`)."""


class Unanswered(Failure):
    """The user was asked elsewhere and has not approved: `answer` says how that stands."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class NotWaiting(Failure):
    """The push request was answered before, or is too old: the text says which."""


class Unsuitable(Failure):
    """What the user gave for a factor will not do: `field` and why."""

    def __init__(self, field: str, cause: str) -> None:
        super().__init__(f"{field}: {cause}")
        self.field = field
        self.cause = cause


class LoginTaken(Failure):
    """Somebody has that login already; the text is the title of the form's `field` for it."""

    def __init__(self, title: str, *, field: str = "email") -> None:
        super().__init__(title)
        self.field = field


class NotInTheForm(Failure):
    """Somebody who registers gave an attribute that the form lacks: its name."""


class Overtaken(Failure):
    """Somebody changed the transaction at the same time, and was first."""
