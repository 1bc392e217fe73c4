"""Errors of installing the widget; each message is one line for the user."""

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
    """The text is not a version of an npm package."""

    def __init__(self, version: str) -> None:
        super().__init__(f"{version!r} is not a version of the widget, such as 3.2.2.")


class InvalidIntegrity(ReleaseError):
    """The text is not a SHA-512 integrity."""

    def __init__(self, integrity: str) -> None:
        super().__init__(
            f"{integrity!r} is not a SHA-512 integrity: expected sha512- and 88 characters of "
            "Base64, as `npm view <package>@<version> dist.integrity` prints it."
        )


class UnsupportedVersion(ReleaseError):
    """The version has no pinned integrity and none was given."""

    def __init__(self, version: str, supported: Iterable[str]) -> None:
        super().__init__(
            f"Version {version} of the widget is not a supported version "
            f"({', '.join(supported)}): give its SHA-512 integrity to install it."
        )


class IntegrityMismatch(ReleaseError):
    """The tarball does not have the expected integrity."""

    def __init__(self, version: str, actual: str, expected: str) -> None:
        super().__init__(
            f"Version {version} of the widget does not have the expected integrity: "
            f"it is {actual}, expected {expected}."
        )


class NpmMissing(ReleaseError):
    """There is no npm on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "The widget comes from the npm registry and there is no npm here: "
            "install Node.js, or run `pip install 'mock_okta[widget]'`."
        )


class NpmFailed(ReleaseError):
    """npm ended without a tarball; `reason` is its error text."""

    def __init__(self, package: str, reason: str) -> None:
        super().__init__(f"npm could not get {package}: {reason}")


class NpmTimedOut(ReleaseError):
    """npm took too long."""

    def __init__(self, package: str, seconds: float) -> None:
        super().__init__(
            f"npm did not get {package} within {seconds:g} seconds and was stopped: "
            "check the network, and the proxy that npm is configured for."
        )


class NotAWidget(ReleaseError):
    """The tarball, or the release's directory, does not contain the widget."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} does not contain the Okta Sign-In Widget (js/okta-sign-in.min.js)."
        )


class NotInstalled(ReleaseError):
    """The chosen release is not installed."""

    def __init__(self, version: str, supported: Iterable[str]) -> None:
        known = tuple(supported)
        command = f"mock-okta widget install {version}"
        if version in known:
            told = f"install it with: {command}"
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
    """The user has no home directory, and so no cache directory."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"There is no home directory for the widget: set {variable}.")
