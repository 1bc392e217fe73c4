"""The errors of page objects, the same for both of Playwright's APIs."""

__all__ = ["WidgetMissingError", "WrongScreenError"]


class WidgetMissingError(Exception):
    """The org shows its plain form because the widget is missing; the message says what to do."""


class WrongScreenError(Exception):
    """The expected screen did not come; the message says what is there instead."""
