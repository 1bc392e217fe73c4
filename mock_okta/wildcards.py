"""Patterns in which `*` stands for any number of characters, matched without backtracking."""

__all__ = ["LONGEST_PATTERN", "fits"]

LONGEST_PATTERN = 1000


def fits(pattern: str, text: str) -> bool:
    """Return whether the pattern matches the whole text.

    Each part between two stars is matched at its first place. A later place would leave less text
    for the following parts, so it cannot succeed if the first one fails.
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
