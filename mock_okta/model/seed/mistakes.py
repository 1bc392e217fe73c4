"""What is wrong with a seed document, all of it, and where."""

from collections.abc import Iterable, Sequence
from typing import Self

from msgspec import Struct

__all__ = ["Finding", "Mistake", "Path", "SeedError", "closest", "suggestion", "written"]

Path = tuple[str | int, ...]
"""The way into a document: `("users", 0, "login")`."""


class Finding(Struct, frozen=True, kw_only=True):
    """What is wrong at a path; `key`: the wrong key of the mapping there."""

    path: Path
    message: str
    key: str | None = None


class Mistake(Struct, frozen=True, kw_only=True):
    """What is wrong, with its path (`users[0].login`), line and column in the file.

    Line and column start at 1; they are None if the parser does not give them.
    """

    path: str
    message: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class SeedError(ValueError):
    """The seed is wrong: each mistake with its path and what was expected."""

    def __init__(self, message: str, mistakes: Sequence[Mistake] = ()) -> None:
        super().__init__(message)
        self.mistakes = tuple(mistakes) or (Mistake(path="", message=message),)

    @classmethod
    def of(cls, mistakes: Sequence[Mistake], file: str = "") -> Self:
        """Return the error with all of `mistakes`, a line each, as compilers write them."""
        lines = [_line(file, each) for each in mistakes]
        if len(lines) == 1:
            return cls(lines[0], mistakes)
        first = f"{file}: {len(lines)} mistakes" if file else f"{len(lines)} mistakes"
        return cls("\n  ".join((first, *lines)), mistakes)


def written(path: Path) -> str:
    """Return the path as messages show it: `users[0].login`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def closest(given: object, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the known name that is most similar to what was given, if any is.

    `cutoff`: how similar it must be, from 0 (not at all) to 1 (the same).
    """
    from difflib import get_close_matches  # noqa: PLC0415 -- a good seed needs none of it

    return next(iter(get_close_matches(str(given), list(known), n=1, cutoff=cutoff)), None)


def suggestion(given: object, known: Iterable[str]) -> str:
    """Return `, did you mean …?` if a known name is similar to what was given, else nothing."""
    close = closest(given, known)
    return "" if close is None else f", did you mean '{close}'?"


def _line(file: str, mistake: Mistake) -> str:
    if not file:
        return str(mistake)
    place = file if mistake.line is None else f"{file}:{mistake.line}:{mistake.column}"
    return f"{place}: {mistake}"
