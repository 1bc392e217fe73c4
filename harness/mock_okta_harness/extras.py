"""How it is said that a package of an extra is missing."""

__all__ = ["MissingExtraError", "require_playwright"]


class MissingExtraError(Exception):
    """A package is missing; the message is one line that says which extra brings it."""

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(f"{wanted} needs an extra: pip install 'mock_okta[{extra}]'")


def require_playwright(wanted: str) -> None:
    """Raise MissingExtraError, which says that `wanted` needs it, unless Playwright is here."""
    try:
        import playwright as _  # noqa: F401, PLC0415 -- only whether it can be imported
    except ImportError as reason:
        raise MissingExtraError(wanted, "harness") from reason
