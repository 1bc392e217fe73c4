"""Which screens the walks show: on each, the widget looks the same on the org's hosted page."""

import pytest

__all__ = ["promised", "shows"]


def shows(*screens: str, only_in_7: tuple[str, ...] = ()) -> pytest.MarkDecorator:
    """Say which screens a walk shows: it fails if it does not."""
    return pytest.mark.shows(*screens, only_in_7=only_in_7)


def promised(mark: pytest.Mark, widget: str) -> set[str]:
    """Which screens a walk shows with that release."""
    return {*mark.args, *(mark.kwargs["only_in_7"] if widget.startswith("7.") else ())}
