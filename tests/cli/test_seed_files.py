"""`mock-okta init` and `mock-okta schema`: a seed to begin with, and what editors know of seeds."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_schema_validator import OAS31Validator

from mock_okta import Config, MockOkta
from mock_okta.cli import main
from mock_okta.model.directory import DEFAULT_ENGINE
from mock_okta.model.seed import read_seed
from mock_okta_harness.control import Control
from tests.cli.running import in_this_process
from tests.cli.serving import Finished, is_one_clear_line
from tests.docs.blocks import blocks

EXAMPLES = blocks("yaml", "how-to/seed.md")
REFUSED = [
    {"users": [{"login": "a@example.com", "passwort": "x"}]},
    {"clients": [{"name": "A"}]},
    {"clients": [{"name": "A", "type": "desktop"}]},
    {"org": {"engine": "diesel"}},
]


def run(*arguments: str) -> Finished:
    done = in_this_process().invoke(main, arguments, prog_name="mock-okta")
    return Finished(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(run("schema").out)
    return printed


def test_the_first_seed_is_valid_and_served(tmp_path: Path) -> None:
    file = tmp_path / "org.yaml"
    assert run("init", str(file)).status == 0
    assert run("validate", str(file)).status == 0
    with MockOkta(Config(seed=read_seed(file))) as org:
        assert [user.login for user in org.config.seed.users] == ["tester@example.com"]
        assert Control(org.url).org().engine == DEFAULT_ENGINE


def test_the_first_seed_is_valid_with_what_its_comments_offer(tmp_path: Path) -> None:
    file = tmp_path / "org.yaml"
    assert run("init", str(file)).status == 0
    keys = r"(?:- | *)[a-z_]+: ?\S"  # of a line that is all seed, not words
    offered = re.sub(rf"^( *)# (?={keys})", r"\1", file.read_text(), flags=re.MULTILINE)
    file.write_text(offered)
    assert run("validate", str(file)).out.endswith("1 user, 2 clients, 1 authorization server\n")
    assert "require_factor" in str(read_seed(file))


def test_it_never_replaces_a_file_unless_told_to(tmp_path: Path) -> None:
    file = tmp_path / "org.yaml"
    file.write_text("mine")
    refused = run("init", str(file))
    assert is_one_clear_line(refused)
    assert "--force" in refused.err
    assert file.read_text() == "mine"
    assert run("init", str(file), "--force").status == 0
    assert file.read_text() != "mine"


def test_it_is_written_as_yaml_alone(tmp_path: Path) -> None:
    refused = run("init", str(tmp_path / "org.toml"))
    assert is_one_clear_line(refused)
    assert not (tmp_path / "org.toml").exists()


def test_every_key_has_a_description(schema: dict[str, Any]) -> None:
    keys = {
        f"{name}.{key}": value["description"]
        for name, definition in schema["$defs"].items()
        for key, value in definition.get("properties", {}).items()
    }
    assert len(keys) > 100
    assert [key for key, text in keys.items() if not text] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_the_schema_takes_the_seeds_of_the_docs(schema: dict[str, Any], example: Any) -> None:
    document = yaml.safe_load(example.text)
    assert list(OAS31Validator(schema).iter_errors(document)) == []


def test_the_schema_takes_the_first_seed(schema: dict[str, Any], tmp_path: Path) -> None:
    run("init", str(tmp_path / "org.yaml"))
    document = yaml.safe_load((tmp_path / "org.yaml").read_text())
    assert list(OAS31Validator(schema).iter_errors(document)) == []


@pytest.mark.parametrize("document", REFUSED, ids=str)
def test_the_schema_refuses_what_no_seed_has(
    schema: dict[str, Any], document: dict[str, Any]
) -> None:
    assert list(OAS31Validator(schema).iter_errors(document))
