"""Projects that use the plugin: pytest inside pytest, with warnings and unknown markers refused."""

import pytest

INI = """
[pytest]
addopts = --strict-markers --strict-config
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings =
    error
    ignore:Session-scoped fixtures defined as instance methods
"""


@pytest.fixture
def strict_project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini(INI)
    return pytester
