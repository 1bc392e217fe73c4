"""The JSON schema of a seed document, with a description for each key."""

from typing import Any

import msgspec

from mock_okta.model.descriptions import describe_keys
from mock_okta.model.seed.key_descriptions import DESCRIPTIONS
from mock_okta.model.seed.types import Seed

__all__ = ["seed_schema"]


def seed_schema() -> dict[str, Any]:
    """Return the schema, made from the types that read seeds."""
    schema: dict[str, Any] = msgspec.json.schema(Seed)
    describe_keys(schema["$defs"], DESCRIPTIONS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A seed of mock_okta",
        **schema,
    }
