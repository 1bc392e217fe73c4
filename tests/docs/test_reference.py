"""The reference says what each key of a seed is, and its examples are seeds."""

from typing import Any

import pytest
import yaml

from docs._reference.seed import EXAMPLES
from mock_okta import Config, KeyPool
from mock_okta.cli.key_descriptions import DESCRIPTIONS
from mock_okta.cli.seed_schema import seed_schema
from mock_okta.model.seed import Seed, parse_seed
from mock_okta_harness.running import org_in_a_thread

DEFINITIONS: dict[str, Any] = seed_schema()["$defs"]
KEYS = {
    f"{name}.{key}": value["description"]
    for name, definition in DEFINITIONS.items()
    for key, value in definition.get("properties", {}).items()
}
LONGEST = 200


def test_every_key_of_a_seed_has_a_description_of_one_line() -> None:
    assert [key for key, said in KEYS.items() if not said.endswith((".", "…`."))] == []
    assert [key for key, said in KEYS.items() if len(said) > LONGEST] == []


def test_every_description_is_about_a_key_that_exists() -> None:
    known = {*KEYS, *(key.partition(".")[2] for key in KEYS)}
    assert set(DESCRIPTIONS) <= known


def test_every_key_at_the_top_has_an_example_that_shows_it() -> None:
    assert set(EXAMPLES) == set(Seed.__struct_fields__)
    assert [key for key, text in EXAMPLES.items() if key not in yaml.safe_load(text)] == []


@pytest.mark.parametrize("key", EXAMPLES)
def test_an_org_starts_with_the_example(key: str, okta_key_pool: KeyPool) -> None:
    seed = parse_seed(yaml.safe_load(EXAMPLES[key]))
    with org_in_a_thread(Config(seed=seed), okta_key_pool) as org:
        assert key in org.control.export()
