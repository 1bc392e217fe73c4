"""Makes `mock_okta_harness.async_pages` of `mock_okta_harness.pages`: `nox -s async_pages`.

A function that waits for the browser becomes `async`, and each call of it is awaited: it calls one
of Playwright's own coroutines, or another function that waits. An object whose `__init__` calls
`self._arrive()` is awaited itself: `await HomePage(page)`. Mypy finds a call that is awaited too
often or not at all, and the browser's tests of `async_pages` find the rest.
"""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright import async_api

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGES = Path(__file__).parent / "mock_okta_harness" / "pages"
ASYNC_PAGES = PAGES.with_name("async_pages")
# What does not touch the browser is there once, for both.
SHARED = frozenset({"errors.py", "selectors"})
NOTE = "# Made of pages/{} by `nox -s async_pages`: change that file.\n"
ARRIVES = "self._arrive()"
AWAITED_ITSELF = (
    "\n    def __await__(self) -> Generator[object, None, Self]:\n"
    f"        return {ARRIVES}.__await__()\n"
)
WORDS = (
    ("playwright\\.sync_api", "playwright.async_api"),
    ("mock_okta_harness\\.pages(?!\\.errors|\\.selectors)", "mock_okta_harness.async_pages"),
    ("Page objects, synchronous:", "Page objects, asynchronous:"),
    ("Making one waits until it is there: `", "Awaiting one waits until it is there: `await "),
    ("making one waits", "awaiting one waits"),
    ("AbstractContextManager", "AbstractAsyncContextManager"),
    # A page object is made by a class or function whose result is awaited.
    ("(Callable\\[\\[\\w+(?:\\[Next\\])?\\], )(\\w+)\\]", "\\1Awaitable[\\2]]"),
    (f"        {re.escape(ARRIVES)}\n", AWAITED_ITSELF),
)
# A page object is also made by what a parameter of these names, or this field, holds.
MAKERS = frozenset({"screen", "to"})
MAKING_FIELD = "leads_to"
# What Playwright gives for a popup is a property, which is awaited.
POPUP = "popup.value"
_EXPECTS = re.compile("\\._?expect_")


def playwrights_coroutines() -> set[str]:
    """Return the names of the methods of Playwright's asynchronous API that are awaited."""
    classes = (async_api.Page, async_api.Locator, async_api.CDPSession, async_api.BrowserContext)
    found = (inspect.getmembers(each, inspect.iscoroutinefunction) for each in classes)
    return {name for members in found for name, _ in members if not name.startswith("_")}


@dataclass
class Waiting:
    """What waits for the browser, in all modules together."""

    functions: set[str] = field(default_factory=set)
    """Our own functions and methods, by name."""
    methods: set[tuple[str, str]] = field(default_factory=set)
    """Class and method, for calls on the class itself."""
    classes: set[str] = field(default_factory=set)
    """Classes of which making one waits."""
    coroutines: set[str] = field(default_factory=playwrights_coroutines)

    @classmethod
    def of(cls, modules: Iterable[ast.Module]) -> Waiting:
        """Look until nothing more is found: what calls something that waits waits too."""
        waiting, before, found = cls(), -1, 0
        statements = [statement for module in modules for statement in module.body]
        while before != found:
            before = found
            for statement in statements:
                waiting._look_at(statement)
            found = len(waiting.functions) + len(waiting.methods) + len(waiting.classes)
        return waiting

    def for_(self, node: ast.AST, owner: str) -> bool:
        """Return whether an expression within a class is awaited."""
        if not isinstance(node, ast.Call):
            return isinstance(node, ast.Attribute) and ast.unparse(node) == POPUP
        match node.func:
            case ast.Name(id="cls"):
                return owner in self.classes
            case ast.Name(id=name):
                return name in self.classes | self.functions | MAKERS
            case ast.Attribute(value=ast.Name(id=named), attr=name) if named[0].isupper():
                return (named, name) in self.methods
            case ast.Attribute(attr=name):
                return name in self.functions | self.coroutines | {MAKING_FIELD}
        return False

    def _look_at(self, statement: ast.stmt) -> None:
        owner = statement.name if isinstance(statement, ast.ClassDef) else ""
        if isinstance(statement, ast.ClassDef):
            bases = {ast.unparse(base).partition("[")[0] for base in statement.bases}
            if not bases.isdisjoint(self.classes):
                self.classes.add(owner)
        for function in functions_in(statement):
            if not any(self.for_(node, owner) for node in ast.walk(function)):
                continue
            if function.name == "__init__":
                self.classes.add(owner)
            else:
                self.functions.add(function.name)
                self.methods.add((owner, function.name))


@dataclass
class Translation:
    """One module on its way: what is inserted into its text, and where."""

    text: str
    waiting: Waiting
    insertions: list[tuple[int, int, str]] = field(default_factory=list)
    """Position, length of what begins there, word."""

    def run(self) -> str:
        """Return the asynchronous module."""
        for statement in ast.parse(self.text).body:
            owner = statement.name if isinstance(statement, ast.ClassDef) else ""
            for function in functions_in(statement):
                self._translate(function, owner)
        done = self.text
        # From the end on, so that positions before stay right. Where two calls begin together, the
        # longer one is the outer one.
        for position, _, word in sorted(self.insertions, reverse=True):
            done = done[:position] + word + done[position:]
        for pattern, replacement in WORDS:
            done = re.sub(pattern, replacement, done)
        for name in ("Awaitable", "Generator"):
            if f"{name}[" in done:
                imported = f"if TYPE_CHECKING:\n    from collections.abc import {name}\n"
                done = done.replace("if TYPE_CHECKING:\n", imported, 1)
        return done

    def _translate(self, function: ast.FunctionDef, owner: str) -> None:
        awaited = [node for node in ast.walk(function) if self.waiting.for_(node, owner)]
        for node in ast.walk(function):
            if isinstance(node, ast.JoinedStr) and not set(ast.walk(node)).isdisjoint(awaited):
                # Before Python 3.12 nodes in it do not say where they are.
                raise SystemExit(f"{function.name}: call {ast.unparse(node)} before the f-string")
            if isinstance(node, ast.With) and _EXPECTS.search(ast.unparse(node.items[0])):
                self._insert(node, "async ")
        calls = [node for node in awaited if ast.unparse(node) != ARRIVES]
        for node in calls:
            self._await(node)
        if calls:
            self._insert(function, "async ")

    def _await(self, node: ast.AST) -> None:
        end = self._position(node.end_lineno, node.end_col_offset)
        is_read_on = re.match(r"\s*[.\[]", self.text[end:])
        self._insert(node, "(await " if is_read_on else "await ")
        if is_read_on:
            self.insertions.append((end, 0, ")"))

    def _insert(self, node: ast.AST, word: str) -> None:
        start = self._position(node.lineno, node.col_offset)
        length = self._position(node.end_lineno, node.end_col_offset) - start
        self.insertions.append((start, -length, word))

    def _position(self, line: int, column: int) -> int:
        """Return where it is in the text; `ast` counts columns in bytes."""
        lines = self.text.splitlines(keepends=True)
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())


def functions_in(statement: ast.stmt) -> list[ast.FunctionDef]:
    """Return a function at the top of a module, or the methods of a class."""
    inner = statement.body if isinstance(statement, ast.ClassDef) else [statement]
    return [each for each in inner if isinstance(each, ast.FunctionDef)]


def asynchronous_modules() -> dict[str, str]:
    """Return the modules by their paths within the package."""
    paths = sorted(
        path for path in PAGES.rglob("*.py") if SHARED.isdisjoint(path.relative_to(PAGES).parts)
    )
    texts = {path.relative_to(PAGES).as_posix(): path.read_text("utf-8") for path in paths}
    waiting = Waiting.of(map(ast.parse, texts.values()))
    return {
        name: _formatted(NOTE.format(name) + Translation(text, waiting).run(), ASYNC_PAGES / name)
        for name, text in texts.items()
    }


def main() -> None:
    """Write the package anew."""
    shutil.rmtree(ASYNC_PAGES, ignore_errors=True)
    for name, text in asynchronous_modules().items():
        path = ASYNC_PAGES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _formatted(text: str, path: Path) -> str:
    # Ruff looks for packages in folders, and the one of this file may not be there yet.
    ours = 'lint.isort.known-first-party = ["mock_okta_harness"]'
    sort = ("check", "--fix-only", "--quiet", "--select", "I", "--config", ours)
    for command in (sort, ("format", "--quiet")):
        text = subprocess.run(  # noqa: S603 -- fixed words
            (sys.executable, "-m", "ruff", *command, f"--stdin-filename={path}", "-"),
            input=text,
            capture_output=True,
            check=True,
            cwd=PAGES.parents[2],
            encoding="utf-8",
        ).stdout
    return text


if __name__ == "__main__":
    main()
