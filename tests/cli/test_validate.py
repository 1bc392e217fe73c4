"""`mock-okta validate FILE`: what it prints, and its exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.serving import Finished

Run = Callable[..., Finished]
GOOD = "users: [{login: a@example.com, password: x}, {login: b@example.com, password: x}]"
BAD = "users:\n- {login: a@example.com, passwort: x}\nclients: [{name: A}]\n"


def test_a_good_seed_ends_with_0_and_says_what_is_in_it(invoke: Run, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    finished = invoke("validate", "good.yaml")
    expected = "good.yaml is valid: 2 users, 3 clients, 1 authorization server\n"
    assert (finished.status, finished.out, finished.err) == (0, expected, "")


def test_mistakes_end_with_1_and_a_line_each(invoke: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(BAD)
    finished = invoke("validate", "bad.yaml")
    assert (finished.status, finished.out) == (1, "")
    assert finished.err.splitlines() == [
        "Error: bad.yaml: 2 mistakes",
        "  bad.yaml:2:26: users[0]: unknown field `passwort`, did you mean 'password'?",
        "  bad.yaml:3:11: clients[0]: missing required field `type`",
    ]
    assert invoke("serve", "bad.yaml").err == finished.err


def test_json_says_the_same_to_programs(invoke: Run, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(BAD)
    good, bad = (invoke("validate", "--json", name) for name in ("good.yaml", "bad.yaml"))
    assert (good.status, json.loads(good.out)) == (0, {"file": "good.yaml", "mistakes": []})
    assert (bad.status, bad.err) == (1, "")
    assert json.loads(bad.out) == {
        "file": "bad.yaml",
        "mistakes": [
            {
                "path": "users[0]",
                "message": "unknown field `passwort`, did you mean 'password'?",
                "line": 2,
                "column": 26,
            },
            {
                "path": "clients[0]",
                "message": "missing required field `type`",
                "line": 3,
                "column": 11,
            },
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "status"), [(["missing.yaml"], 1), (["."], 1), ([], 2), (["a.yaml", "--xml"], 2)]
)
def test_what_is_no_file_ends_with_1_and_a_wrong_command_line_with_2(
    invoke: Run, arguments: list[str], status: int
) -> None:
    finished = invoke("validate", *arguments)
    assert finished.status == status
    assert finished.err.startswith("Error: ")
