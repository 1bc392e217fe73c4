"""Playwright's error, for those who catch it; where Playwright is missing nothing raises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["BrowserError"]

if TYPE_CHECKING:
    from playwright.sync_api import Error as BrowserError
else:
    try:
        from playwright.sync_api import Error as BrowserError
    except ModuleNotFoundError:

        class BrowserError(Exception):
            """What a browser does wrong: there is none."""
