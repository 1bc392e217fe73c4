"""The command `python -m mutants`: 60 mutants, each against the tests until one fails.

First come the tests beside the changed module: `tests/oauth` for `mock_okta/oauth`. A mutant that
survives them is tried against the other quick tests, and then against the browser tests that run
its function. cosmic-ray makes the mutants. They are chosen at random, and `--seed` chooses the same
ones again. All runs in copies of the repository. A mutant can end in four ways: a test fails, which
the report names; a test hangs; the server cannot be imported; or it lives.
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
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData

ROOT = Path(__file__).parents[1]
SUBJECTS = ("mock_okta/oauth", "mock_okta/authn", "mock_okta/services/tokens")
QUICK = ("-m", "not slow and not quick")
BROWSER = ("tests/e2e", "-m", "browser", "--deselect=tests/e2e/test_offline.py")
# A test that takes longer than this hangs, and ends the run. Most take 0.05 seconds on a free
# machine, one with a browser three.
LONGEST_TEST = ("-o", "faulthandler_timeout=120", "-o", "faulthandler_exit_on_timeout=true")
PYTEST = ("pytest", "-x", "-q", "-p", "no:cacheprovider", *LONGEST_TEST)
ALL_PASSED, SOME_FAILED, NO_TESTS = 0, 1, 5


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


class Outcome(StrEnum):
    """What became of a mutant."""

    LIVES = "lives"
    KILLED = "killed"
    HANGS = "hangs"
    NO_IMPORT = "cannot be imported"


class Copy:
    """A copy of the repository, in which tests run on their own."""

    def __init__(self, folder: Path) -> None:
        for name in _files():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        self.folder = folder

    def runs(self, *command: str) -> tuple[int, str]:
        """Run a Python command in the copy; return its exit status and what it printed."""
        paths = (self.folder, self.folder / "harness", self.folder / "demo_app")
        done = subprocess.run(
            (sys.executable, "-m", *command),
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def check(self, parallel: int) -> None:
        """Run the quick tests without a mutant: one that fails then would kill every mutant."""
        print("running the quick tests without a mutant", flush=True)
        status, printed = self.runs(*PYTEST, f"-n{parallel}", *QUICK, *_quick_modules())
        if status != ALL_PASSED:
            sys.exit(f"the quick tests fail without a mutant: {_summary_of(printed) or printed}")

    def outcome(self, mutant: Mutant, tests: Sequence[str]) -> tuple[Outcome, str]:
        """Apply the mutant, run the tests until one fails, and take it back.

        `tests`: pytest's arguments. With the outcome comes the test that failed.
        """
        path = self.folder / mutant.path
        original = path.read_text(encoding="utf-8")
        path.write_text(_mutated(original, mutant), encoding="utf-8")
        listed = self.folder / "tests.txt"
        listed.write_text("\n".join(tests))
        try:
            status, printed = self.runs(*PYTEST, f"@{listed}")
            if status in (ALL_PASSED, NO_TESTS):
                return Outcome.LIVES, ""
            if status == SOME_FAILED:
                why = _summary_of(printed)
                return (Outcome.KILLED, why) if why else (Outcome.HANGS, "")
            module = mutant.path.removesuffix(".py").replace("/", ".")
            if self.runs(module)[0] == ALL_PASSED:
                raise RuntimeError(f"pytest ended with status {status}:\n{printed}")
            return Outcome.NO_IMPORT, ""
        finally:
            path.write_text(original, encoding="utf-8")


def _files() -> list[str]:
    """Return the paths of the repository's files: those that git knows, and new ones."""
    listing = (
        "git",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
    )
    done = subprocess.run(listing, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def _summary_of(printed: str) -> str:
    """Find the line of pytest's summary that names the failed test and says why it failed."""
    lines = _summaries(printed)
    return lines[-1] if lines else ""


def _summaries(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line.startswith(("FAILED ", "ERROR "))]


def beside(mutant: Mutant) -> list[str]:
    """Return the quick tests beside the mutant's module, those with its name first."""
    path = Path(mutant.path)
    found = [each for each in _quick_modules() if each.startswith(_mirror(mutant))]
    return [*QUICK, *sorted(found, key=lambda each: (path.stem not in Path(each).name, each))]


def other_quick(mutant: Mutant) -> list[str]:
    """Return the quick tests that are not beside the mutant's module."""
    return [*QUICK, *(each for each in _quick_modules() if not each.startswith(_mirror(mutant)))]


def _mirror(mutant: Mutant) -> str:
    return f"tests/{mutant.path.split('/')[1]}/"


def _quick_modules() -> list[str]:
    """Return the modules of tests but for those that send odd requests by the thousand."""
    paths = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    return [path.as_posix() for path in paths if path.parts[1] != "fuzz"]


class Covering:
    """Which browser tests run which lines."""

    def __init__(self, copy: Copy, parallel: int) -> None:
        print("measuring which browser tests run which function", flush=True)
        self._root = copy.folder
        data = copy.folder / "browser.coverage"
        settings = copy.folder / "coverage.ini"
        settings.write_text(
            f"[run]\nparallel = true\npatch = subprocess\ndata_file = {data}\n"
            f"source = {','.join(str(copy.folder / each) for each in SUBJECTS)}\n"
        )
        run = ("run", f"--rcfile={settings}", "-m", "pytest", "-q", "-p", "mutants.covering")
        status, printed = copy.runs("coverage", *run, f"-n{parallel}", *BROWSER)
        # A test that fails without a mutant would kill every mutant.
        self._failing = {line.split()[1] for line in _summaries(printed)}
        if status != ALL_PASSED:
            failing = ", ".join(sorted(self._failing))
            print(f"left out, as they fail without a mutant: {failing}", file=sys.stderr)
        copy.runs("coverage", "combine", "-q", f"--rcfile={settings}")
        self._data = CoverageData(str(data))
        self._data.read()

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the browser tests that run a line of the mutant's function."""
        contexts = self._data.contexts_by_lineno(str(self._root / mutant.path))
        found = {test for line in mutant.lines for test in contexts.get(line, ()) if test}
        return sorted(found - self._failing)


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
            mutant = lots.choice(changes[path][line])
            if _is_python(mutant):
                found[mutant] = None
    return list(found)


def _is_python(mutant: Mutant) -> bool:
    """Return whether the change can be compiled, without a warning: `**` in `{**given}` cannot."""
    code = _mutated((ROOT / mutant.path).read_text(encoding="utf-8"), mutant)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # as in the tests
        try:
            compile(code, mutant.path, "exec")
        except SyntaxError:
            return False
    return True


def _mutated(code: str, mutant: Mutant) -> str:
    changed: str = mutate_code(code, get_operator(mutant.operator)(), mutant.occurrence)
    return changed


def outcomes(
    mutants: list[Mutant], tests_of: Callable[[Mutant], list[str]], copies: list[Copy]
) -> list[Outcome]:
    """Try each mutant against its tests; print and return the outcomes.

    A mutant that has no tests lives.
    """
    free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)

    def outcome(mutant: Mutant) -> Outcome:
        tests, copy = tests_of(mutant), free.get()
        try:
            found, why = copy.outcome(mutant, tests) if tests else (Outcome.LIVES, "")
        finally:
            free.put(copy)
        print(f"{found}: {mutant} {why}".rstrip(), flush=True)
        return found

    with ThreadPoolExecutor(len(copies)) as pool:
        return list(pool.map(outcome, mutants))


def main() -> None:
    """Choose mutants, try them, and report the share that each step kills."""
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parallel", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-browser", action="store_true", help="leave the browser tests out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copies = [Copy(Path(folder, str(number))) for number in range(options.parallel)]
        copies[0].check(options.parallel)
        alive = mutants = drawn(options.count, options.seed)
        alive = survivors(alive, len(mutants), "tests beside", beside, copies)
        alive = survivors(alive, len(mutants), "other quick tests", other_quick, copies)
        if alive and not options.no_browser:
            covering = Covering(copies[0], options.parallel)
            alive = survivors(alive, len(mutants), "browser tests", covering.tests_of, copies)
    for mutant in alive:
        print(f"survived: {mutant}")


def survivors(
    mutants: list[Mutant],
    of: int,
    named: str,
    tests_of: Callable[[Mutant], list[str]],
    copies: list[Copy],
) -> list[Mutant]:
    """Return the mutants that live through their tests; print how the others ended."""
    found = outcomes(mutants, tests_of, copies)
    counts = ", ".join(f"{each} {found.count(each)}" for each in Outcome)
    killed = found.count(Outcome.KILLED) / of
    print(f"{named}, {len(found)} mutants: {counts}; killed {killed:.0%} of all", flush=True)
    return [each for each, end in zip(mutants, found, strict=True) if end is Outcome.LIVES]


if __name__ == "__main__":
    main()
