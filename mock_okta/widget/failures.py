"""Why a release of the widget could not be had; each message is one line for the reader."""

from collections.abc import Iterable

__all__ = [
    "IntegrityMismatch",
    "InvalidIntegrity",
    "InvalidVersion",
    "NoHomeDirectory",
    "NotAWidget",
    "NotInstalled",
    "NotWritten",
    "NpmFailed",
    "NpmMissing",
    "NpmTimedOut",
    "ReleaseError",
    "UnsupportedVersion",
]


class ReleaseError(Exception):
    """A release of the widget could not be found or installed."""


class InvalidVersion(ReleaseError):
    """What was given is no version of an npm package."""

    def __init__(self, version: str) -> None:
        super().__init__(f"{version!r} is not a version of the widget, such as 3.2.2.")


class InvalidIntegrity(ReleaseError):
    """What was given is no SHA-512 integrity."""

    def __init__(self, integrity: str) -> None:
        super().__init__(
            f"{integrity!r} is not a SHA-512 integrity: expected sha512- and 88 characters of "
            "Base64, as `npm view <package>@<version> dist.integrity` prints it."
        )


class UnsupportedVersion(ReleaseError):
    """The version has no pinned integrity and none was given."""

    def __init__(self, version: str, supported: Iterable[str]) -> None:
        super().__init__(
            f"Version {version} of the widget is not one of the supported "
            f"({', '.join(supported)}): give its SHA-512 integrity to install it."
        )


class IntegrityMismatch(ReleaseError):
    """The tarball is not the one that was expected."""

    def __init__(self, version: str, actual: str, expected: str) -> None:
        super().__init__(
            f"Version {version} of the widget is not what it should be: "
            f"its integrity is {actual}, expected {expected}."
        )


class NpmMissing(ReleaseError):
    """There is no npm on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "The widget comes from the npm registry and there is no npm here: "
            "install Node.js, or run `pip install 'mock_okta[widget]'`."
        )


class NpmFailed(ReleaseError):
    """Npm ended without a tarball; `reason` is its own text."""

    def __init__(self, package: str, reason: str) -> None:
        super().__init__(f"npm could not get {package}: {reason}")


class NpmTimedOut(ReleaseError):
    """Npm took longer than it was given."""

    def __init__(self, package: str, seconds: float) -> None:
        super().__init__(
            f"npm did not get {package} within {seconds:g} seconds and was stopped: "
            "check the network, and the proxy that npm is configured for."
        )


class NotAWidget(ReleaseError):
    """What is in the tarball, or in the release's directory, is not the widget."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} holds no Okta Sign-In Widget (js/okta-sign-in.min.js).")


class NotInstalled(ReleaseError):
    """A release that was asked for by name is not on this machine."""

    def __init__(self, version: str, supported: Iterable[str]) -> None:
        known = tuple(supported)
        command = f"mock-okta widget install {version}"
        if version in known:
            told = f"install it by: {command}"
        else:
            told = (
                f"supported are {', '.join(known)}; install another one by: "
                f"{command} --integrity sha512-…"
            )
        super().__init__(f"Widget {version} is not installed: {told}")


class NotWritten(ReleaseError):
    """The release could not be written to the cache directory."""

    def __init__(self, directory: object, reason: object) -> None:
        super().__init__(f"The widget could not be written to {directory}: {reason}.")


class NoHomeDirectory(ReleaseError):
    """The user has no home directory, so no cache directory either."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"There is no home directory to keep the widget in: set {variable}.")
