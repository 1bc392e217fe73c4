"""The error for a missing package of an extra."""

__all__ = ["MissingExtraError", "require_playwright"]


class MissingExtraError(Exception):
    """A package is missing; the message is one line that names the extra to install."""

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(f"{wanted} needs an extra: pip install 'mock_okta[{extra}]'")


def require_playwright(wanted: str) -> None:
    """Raise MissingExtraError for `wanted` unless Playwright is installed."""
    try:
        import playwright as _  # noqa: F401, PLC0415 -- only whether it can be imported
    except ImportError as reason:
        raise MissingExtraError(wanted, "harness") from reason
