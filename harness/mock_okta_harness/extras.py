"""How it is said that a package of an extra is missing."""

__all__ = ["MissingExtraError"]


class MissingExtraError(Exception):
    """A package is missing; the message is one line that says which extra brings it."""

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(f"{wanted} needs an extra: pip install 'mock_okta[{extra}]'")
