"""What packages of an extra bring, and how it is said that they are missing."""

__all__ = ["BrowserError", "MissingExtraError"]

try:
    from playwright.sync_api import Error as BrowserError
except ImportError:

    class BrowserError(Exception):  # type: ignore[no-redef]  # -- there is only one of the two
        """What Playwright raises where it is installed."""


class MissingExtraError(Exception):
    """A package is missing; the message is one line that says which extra brings it."""

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(f"{wanted} needs an extra: pip install 'mock_okta[{extra}]'")
