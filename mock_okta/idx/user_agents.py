"""Browsers and systems, as Okta names them, by the header `User-Agent`."""

__all__ = ["browser_of", "system_of"]

_BROWSERS = (
    ("Edg/", "CHROMIUM_EDGE"),
    ("OPR/", "OPERA"),
    ("Firefox/", "FIREFOX"),
    ("FxiOS/", "FIREFOX"),
    ("CriOS/", "CHROME"),
    ("Chrome/", "CHROME"),
    ("Safari/", "SAFARI"),
)
_SYSTEMS = (
    ("Windows NT 10.0", "Windows 10"),
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Mac OS X", "Mac OS X"),
    ("Linux", "Linux"),
)
"""The first that is in the header counts: most browsers name others too, for compatibility."""


def browser_of(user_agent: str) -> str:
    """Return the browser's name, or `UNKNOWN`."""
    return next((name for sign, name in _BROWSERS if sign in user_agent), "UNKNOWN")


def system_of(user_agent: str) -> str:
    """Return the operating system's name, or `Unknown`."""
    return next((name for sign, name in _SYSTEMS if sign in user_agent), "Unknown")
