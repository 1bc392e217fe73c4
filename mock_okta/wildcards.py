"""Patterns in which `*` stands for any run of characters, matched without going back."""

__all__ = ["LONGEST_PATTERN", "fits"]

LONGEST_PATTERN = 1000


def fits(pattern: str, text: str) -> bool:
    """Return whether the whole text is as the pattern says.

    Each part between two stars is taken where it first comes: a later place would leave less for
    the parts after it, so no other choice could succeed where this one fails.
    """
    first, *parts = pattern.split("*")
    if not parts:
        return text == first
    if not text.startswith(first):
        return False
    at, last = len(first), parts.pop()
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(last) and text.endswith(last)
