"""What can go wrong below the wire; each feature says it in its own dialect."""

__all__ = [
    "Failure",
    "NoSuchUser",
    "NotAssigned",
    "PolicyRefused",
    "SpentOrExpired",
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


class NotAssigned(Failure):
    """The user is not assigned to the app."""


class PolicyRefused(Failure):
    """No rule of the authorization server's access policies covers what is asked."""
