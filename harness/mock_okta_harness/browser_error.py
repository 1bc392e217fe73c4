"""What Playwright raises, also where it is not installed: then nothing raises it."""

__all__ = ["BrowserError"]

try:
    from playwright.sync_api import Error as BrowserError
except ImportError:

    class BrowserError(Exception):  # type: ignore[no-redef]  # -- there is only one of the two
        """What Playwright raises where it is installed."""
