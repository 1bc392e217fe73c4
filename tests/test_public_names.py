"""What `mock_okta` offers by name, and what importing it costs."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import mock_okta

ROOT = Path(__file__).parents[1]


def _modules() -> Iterator[str]:
    yield "mock_okta"
    for module in pkgutil.walk_packages(mock_okta.__path__, "mock_okta."):
        if not module.name.endswith("__main__"):
            yield module.name


def _without_names(name: str) -> bool:
    """Whether a package has only a docstring."""
    module = importlib.import_module(name)
    assert module.__file__ is not None
    with open(module.__file__, encoding="utf-8") as file:  # noqa: PTH123 -- a str
        return len(ast.parse(file.read()).body) <= 1


@pytest.mark.parametrize("name", sorted(_modules()))
def test_every_module_says_what_it_offers(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    if _without_names(name):
        return
    names = module.__all__
    assert len(set(names)) == len(names)
    assert [each for each in names if not hasattr(module, each)] == []
    assert names == sorted(names, key=_as_ruff_sorts)


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each module that a file imports from, with each name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from ((node.module, each.name) for each in node.names)


@pytest.mark.parametrize("folder", ["mock_okta", "harness", "demo_app"])
def test_modules_import_what_others_offer(folder: str) -> None:
    """A module of the harness may go without `__all__`; one that has it offers nothing else."""
    unoffered = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        for name, imported in _imports(path):
            if not name.startswith("mock_okta") or imported.startswith("__"):
                continue
            module = importlib.import_module(name)
            offered = getattr(module, "__all__", [imported])
            if imported not in offered and not isinstance(getattr(module, imported), ModuleType):
                unoffered.append(f"{path.relative_to(ROOT)}: {name}.{imported}")
    assert unoffered == []


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as ruff's RUF022 has it."""
    is_constant = name.upper() == name
    return (0 if is_constant else 1 if name[0].isupper() else 2, name)


def test_the_public_names_are_these() -> None:
    """Removing a name breaks users' tests: say so in the changelog."""
    assert {
        "Clock",
        "Config",
        "ConfigError",
        "KeyPool",
        "Mint",
        "MintError",
        "Minted",
        "MockOkta",
        "PortTaken",
        "Seed",
        "SeedAuthorizationServer",
        "Claim",
        "SeedClient",
        "SeedError",
        "GroupsFilter",
        "Org",
        "Scope",
        "SeedUser",
        "StartError",
        "mint",
    } <= set(mock_okta.__all__)
    assert mock_okta.__version__


def _python(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.process
@pytest.mark.parametrize("module", ["mock_okta", "mock_okta.cli"])
def test_importing_brings_nothing_that_is_needed_only_later(module: str) -> None:
    loaded = set(_python(f"import sys, {module}; print(*sys.modules)").split())
    late = {"jinja2", "playwright", "yaml", "trustme", "pytest", "uvloop", "mock_okta_harness"}
    assert loaded & late == set()


@pytest.mark.process
@pytest.mark.parametrize("module", ["mock_okta", "mock_okta.model.faults"])
def test_importing_the_package_loads_neither_server_nor_keys(module: str) -> None:
    loaded = set(_python(f"import sys, {module}; print(*sys.modules)").split())
    assert loaded & {"aiohttp", "cryptography", "jwt", "asyncio", "mock_okta.app"} == set()


@pytest.mark.process
def test_a_public_name_is_loaded_when_it_is_used() -> None:
    said = _python(
        "import mock_okta\n"
        "for name in mock_okta.__all__:\n"
        "    there = name in vars(mock_okta)\n"
        "    print(name, there, getattr(mock_okta, name).__name__, name in vars(mock_okta))"
    )
    assert said.split("\n")[:-1] == [f"{name} False {name} True" for name in mock_okta.__all__]


def test_a_name_that_is_not_public_is_missing_as_from_any_module() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        getattr(mock_okta, "Nothing")  # noqa: B009 -- a type checker refuses the plain form
    assert set(mock_okta.__all__) <= set(dir(mock_okta))


@pytest.mark.process
def test_importing_generates_no_keys_and_starts_no_thread() -> None:
    said = _python(
        "from cryptography.hazmat.primitives.asymmetric import rsa\n"
        "import threading\n"
        "def refuse(*_, **__): raise AssertionError('a key was generated')\n"
        "rsa.generate_private_key = refuse\n"
        "import mock_okta, mock_okta.cli, mock_okta.app\n"
        "mock_okta.MockOkta(mock_okta.Config())\n"
        "print(threading.active_count())"
    )
    assert said.strip() == "1"
