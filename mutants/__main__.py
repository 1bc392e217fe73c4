"""The command `python -m mutants`: 60 mutants, each against the tests that run its function.

Mutants that survive the quick tests are tried against the browser tests that run their function.
cosmic-ray makes the mutants. They are chosen at random, and `--seed` chooses the same ones again.
All runs in copies of the repository.
"""

import argparse
import ast
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData

ROOT = Path(__file__).parents[1]
SUBJECTS = ("mock_okta/oauth", "mock_okta/authn", "mock_okta/services/tokens")
COPIED = ("mock_okta", "harness", "demo_app", "tests", "mutants", "docs", "pyproject.toml")
COPIED_TOO = ("README.md", "CONTRIBUTING.md", "noxfile.py", ".ci", "bench", "mkdocs.yml")
# The two tiers of tests, by pytest's option `-m`.
TIERS = {
    "quick": ("tests", "-m", "not slow and not quick", "--ignore=tests/fuzz"),
    "browser": ("tests/e2e", "-m", "browser", "--deselect=tests/e2e/test_offline.py"),
}
# If the tests take longer than this, the mutant hangs: that kills it too.
SECONDS_TO_START, SECONDS_A_TEST = 120, 2
ALL_PASSED = 0


@dataclass(frozen=True)
class Mutant:
    """One change of one place in a function."""

    path: str
    function: str
    lines: range
    line: int
    operator: str
    occurrence: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.function}: {self.operator.removeprefix('core/')}"


class Copy:
    """A copy of the repository, in which tests run on their own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        for name in (*COPIED, *COPIED_TOO):
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, folder / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, folder / name)
        self.folder = folder

    def runs(self, *command: str, patience: float | None = None) -> int:
        """Run a Python command in the copy; return its exit status."""
        paths = (self.folder, self.folder / "harness", self.folder / "demo_app")
        done = subprocess.run(
            (sys.executable, "-m", *command),
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
            stdout=subprocess.DEVNULL,
            check=False,
            timeout=patience,
        )
        return done.returncode

    def lets_live(self, mutant: Mutant, tests: Sequence[str]) -> bool:
        """Apply the mutant, run the tests until one fails, and take it back."""
        path = self.folder / mutant.path
        original = path.read_text(encoding="utf-8")
        path.write_text(mutate_code(original, get_operator(mutant.operator)(), mutant.occurrence))
        patience = SECONDS_TO_START + SECONDS_A_TEST * len(tests)
        listed = self.folder / "tests.txt"
        listed.write_text("\n".join(tests))
        try:
            command = ("pytest", "-x", "-q", "-p", "no:cacheprovider", f"@{listed}")
            return self.runs(*command, patience=patience) == ALL_PASSED
        except subprocess.TimeoutExpired:
            return False
        finally:
            path.write_text(original, encoding="utf-8")


class Covering:
    """Which tests of a tier run which lines."""

    def __init__(self, copy: Copy, tier: str, parallel: int, *narrowed: str) -> None:
        self._root = copy.folder
        data = copy.folder / f"{tier}.coverage"
        settings = copy.folder / "coverage.ini"
        settings.write_text(
            f"[run]\nparallel = true\npatch = subprocess\ndata_file = {data}\n"
            f"source = {','.join(str(copy.folder / each) for each in SUBJECTS)}\n"
        )
        run = ("run", f"--rcfile={settings}", "-m", "pytest", "-q", "-p", "mutants.covering")
        where = narrowed or TIERS[tier][:1]
        status = copy.runs("coverage", *run, f"-n{parallel}", *where, *TIERS[tier][1:])
        if status != ALL_PASSED:
            print(f"the {tier} tests do not all pass without a mutant", file=sys.stderr)
        copy.runs("coverage", "combine", "-q", f"--rcfile={settings}")
        self._data = CoverageData(str(data))
        self._data.read()

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run a line of the mutant's function, those beside it first."""
        contexts = self._data.contexts_by_lineno(str(self._root / mutant.path))
        found = {test for line in mutant.lines for test in contexts.get(line, ()) if test}
        folder = f"tests/{mutant.path.split('/')[1]}"
        return sorted(found, key=lambda test: (not test.startswith(folder), test))


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield the possible mutants of the functions of a module."""
    functions = list(_functions(ast.parse(path.read_text(encoding="utf-8"))))
    nodes = list(ast_nodes(get_ast_from_path(path)))
    for name in operator_names():
        operator_type = get_operator(name)
        if operator_type.arguments() or name.endswith("NoOp"):
            continue
        operator = operator_type()
        places = (place for node in nodes for place in operator.mutation_positions(node))
        for occurrence, ((line, _), _) in enumerate(places):
            around = [(each, lines) for each, lines in functions if line in lines]
            if around:
                function, lines = min(around, key=lambda each: len(each[1]))
                where = path.relative_to(ROOT).as_posix()
                yield Mutant(where, function, lines, line, name, occurrence)


def _functions(tree: ast.AST) -> Iterator[tuple[str, range]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            body = node.body[1:] if documented else node.body
            if body:
                yield node.name, range(body[0].lineno, (body[-1].end_lineno or 0) + 1)


def drawn(count: int, seed: int) -> list[Mutant]:
    """Choose modules by their length, then a line of each, then a change of the line.

    So an operator with many forms is not chosen more often. No change is chosen twice.
    """
    paths = [path for subject in SUBJECTS for path in sorted((ROOT / subject).rglob("*.py"))]
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in paths]
    lots = random.Random(seed)
    changes: dict[Path, dict[int, list[Mutant]]] = {}
    found: dict[Mutant, None] = {}
    while len(found) < count:
        (path,) = lots.choices(paths, lengths)
        if path not in changes:
            changes[path] = {}
            for mutant in mutants_of(path):
                changes[path].setdefault(mutant.line, []).append(mutant)
        if changes[path]:
            line = lots.choice(sorted(changes[path]))
            found[lots.choice(changes[path][line])] = None
    return list(found)


def survivors(mutants: list[Mutant], covering: Covering, copies: list[Copy]) -> list[Mutant]:
    """Try each mutant against the tests that run its function; return the survivors."""
    free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)

    def lives(mutant: Mutant) -> bool:
        tests, copy = covering.tests_of(mutant), free.get()
        try:
            alive = not tests or copy.lets_live(mutant, tests)
        finally:
            free.put(copy)
        print(f"{'alive' if alive else 'dead '} {mutant} ({len(tests)} tests)", flush=True)
        return alive

    with ThreadPoolExecutor(len(copies)) as pool:
        tried = zip(mutants, pool.map(lives, mutants), strict=True)
        return [each for each, alive in tried if alive]


def main() -> None:
    """Choose mutants, try them, and report the share that each tier kills."""
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parallel", type=int, default=os.cpu_count() or 1)
    parser.add_argument("tests", nargs="*", help="folders of quick tests; all, if none is given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copies = [Copy(Path(folder, str(number))) for number in range(options.parallel)]
        alive = mutants = drawn(options.count, options.seed)
        for tier in TIERS:
            if not alive:
                break
            narrowed = options.tests if tier == "quick" else ()
            print(f"measuring which {tier} tests run which function", flush=True)
            covering = Covering(copies[0], tier, options.parallel, *narrowed)
            tried, alive = alive, survivors(alive, covering, copies)
            killed = len(tried) - len(alive)
            print(
                f"{tier} tests killed {killed} of {len(tried)}: {killed / len(mutants):.0%} of all"
            )
    for mutant in alive:
        print(f"survived: {mutant}")


if __name__ == "__main__":
    main()
