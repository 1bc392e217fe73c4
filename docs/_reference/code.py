"""Pages made from docstrings and types: configuration, fixtures, pages, deviations."""

import ast
import dataclasses
import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import mock_okta
from mock_okta_harness import pages, plugin
from mock_okta_harness.plugin.markers import MARKERS
from mock_okta_harness.plugin.options import SETTINGS

ROOT = Path(mock_okta.__file__).parent


def configuration() -> str:
    """Return the page of `Config`."""
    fields = dataclasses.fields(mock_okta.Config)
    said = _said_of(mock_okta.Config.__doc__, [field.name for field in fields])
    rows = [
        f"| `{field.name}` | `{_type(field.type)}` | {_default(field)} | {said[field.name]} |"
        for field in fields
    ]
    return "\n".join(
        [
            "# Configuration",
            "",
            _sentence(mock_okta.Config.__doc__),
            "",
            "`MockOkta` takes a `Config`; `mock-okta serve` has an option for most of its fields.",
            "",
            "| field | type | default | |",
            "| --- | --- | --- | --- |",
            *rows,
        ]
    )


def fixtures() -> str:
    """Return the page of the pytest plugin: fixtures, markers, settings."""
    lines = ["# Fixtures", "", "Override any of them with a fixture of the same name.", ""]
    lines += ["| fixture | scope | gives |", "| --- | --- | --- |"]
    for name, found in sorted(_fixtures()):
        marker = found._fixture_function_marker  # noqa: SLF001 -- pytest offers no other way
        scope = "`okta_scope`" if callable(marker.scope) else marker.scope
        lines.append(f"| `{name}` | {scope} | {_sentence(found.__doc__)} |")
    lines += ["", "## Markers", "", "| `@pytest.mark.…` | |", "| --- | --- |"]
    lines += [f"| `{form}` | {meaning} |" for form, meaning in MARKERS.items()]
    lines += [
        "",
        "## Settings",
        "",
        "In pytest's ini file, or as an option: `--okta-scope module`.",
    ]
    lines += ["", "| setting | |", "| --- | --- |"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in SETTINGS.items()]
    return "\n".join(lines)


def _fixtures() -> Iterator[tuple[str, Any]]:
    for module in (plugin, *_modules(plugin)):
        for name, found in vars(module).items():
            if _is_fixture(found):
                yield name, found


def page_objects() -> str:
    """Return the page of the page objects: one class for each screen."""
    asynchronous = (
        "The same classes for asynchronous Playwright are in `mock_okta_harness.async_pages`: see"
        " [Asynchronous Playwright](../stacks/python.md#asynchronous-playwright)."
    )
    lines = ["# Page objects", "", _prose(pages.__doc__), "", asynchronous]
    lines += ["", "## Identity Engine", "", _prose(pages.identity.__doc__)]
    lines += _classes(pages.identity)
    lines += ["", "## Classic Engine, and the org's own pages"]
    lines += _classes(pages)
    return "\n".join(lines)


def _classes(package: ModuleType) -> list[str]:
    lines = []
    for module in _modules(package):
        for name, found in inspect.getmembers(module, inspect.isclass):
            if found.__module__ != module.__name__ or name.startswith("_"):
                continue
            lines += ["", f"### {name}", "", _prose(found.__doc__), ""]
            lines += [
                f"- `{method}{_signature(function)}`: {_sentence(function.__doc__)}"
                for method, function in inspect.getmembers(found, inspect.isfunction)
                if not method.startswith("_") and function.__doc__
            ]
    return lines


def deviations() -> str:
    """Return the list of deviations from Okta, from the docstrings that say `Deviation:`."""
    lines = [
        "# Deviations",
        "",
        "Where the org differs from Okta on purpose, and why.",
    ]
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        found = list(_deviations_in(path.read_text(encoding="utf-8")))
        if found:
            lines += ["", f"## {module.removesuffix('.__init__')}", ""]
            lines += [f"- **{name}**: {text}" for name, text in found]
    return "\n".join(lines)


def _deviations_in(source: str) -> Iterator[tuple[str, str]]:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                before, said, text = paragraph.partition("Deviation:")
                if said:
                    name = getattr(node, "name", "the module")
                    yield name, " ".join(f"{before if before.strip() else ''}{text}".split())


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__):
        yield import_module(f"{package.__name__}.{found.name}")


def _is_fixture(found: object) -> bool:
    return type(found).__name__ == "FixtureFunctionDefinition"  # pytest's own since 8.4


def _type(given: Any) -> str:
    text = given if isinstance(given, str) else inspect.formatannotation(given)
    return re.sub(r"\b(?:mock_okta|typing|pathlib)[\w.]*\.(?=\w)", "", text)


def _default(field: dataclasses.Field[Any]) -> str:
    if isinstance(field.default, timedelta):
        return f"{field.default.total_seconds():g} s"
    if field.default is not dataclasses.MISSING:
        return f"`{field.default!r}`"
    return "made for each" if field.default_factory is not dataclasses.MISSING else "required"


def _signature(function: Any) -> str:
    signature = inspect.signature(function)
    given = [p for name, p in signature.parameters.items() if name != "self"]
    bare = signature.replace(parameters=given, return_annotation=inspect.Signature.empty)
    return _type(str(bare)).replace("'", "")


def _said_of(docstring: str | None, names: list[str]) -> dict[str, str]:
    """Return what a docstring says of each name, after the name and a colon."""
    text = " ".join((docstring or "").split())
    found = list(re.finditer(rf"`({'|'.join(names)})`: ", text))
    ends = [*(each.start() for each in found[1:]), len(text)]
    said = {
        each[1]: text[each.end() : end].strip().rstrip(";").replace("|", "\\|")
        for each, end in zip(found, ends, strict=True)
    }
    return {name: said[name][0].upper() + said[name][1:] for name in names}


def _prose(docstring: str | None) -> str:
    return inspect.cleandoc(docstring or "")


def _sentence(docstring: str | None) -> str:
    return " ".join(_prose(docstring).split("\n\n")[0].split()).replace("|", "\\|")
