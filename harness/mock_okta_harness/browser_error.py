"""Playwright's exception, or a class that nothing raises if Playwright is not installed."""

__all__ = ["BrowserError"]

try:
    from playwright.sync_api import Error as BrowserError
except ImportError:

    class BrowserError(Exception):  # type: ignore[no-redef]  # -- there is only one of the two
        """A substitute for Playwright's exception."""
