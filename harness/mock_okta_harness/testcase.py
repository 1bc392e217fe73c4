"""Test cases for `unittest` (or pytest) with an org for each class."""

from __future__ import annotations

import unittest
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from mock_okta_harness.running import RunningOrg, org_in_a_thread

if TYPE_CHECKING:
    from mock_okta import Config, KeyPool

__all__ = ["OktaTestCase"]


class OktaTestCase(unittest.TestCase):
    """A test case with an org in `self.okta`, which is reset before each test."""

    okta_config: ClassVar[Config | None] = None
    """Override this: how the org is set up."""
    okta: ClassVar[RunningOrg]

    @classmethod
    def setUpClass(cls) -> None:
        """Start the org of the class."""
        super().setUpClass()
        from mock_okta import Config  # noqa: PLC0415 -- only what starts an org imports the server

        config = cls.okta_config or Config()
        pool = _key_pool() if config.state_dir is None else None
        cls.okta = cls.enterClassContext(org_in_a_thread(config, pool))

    def setUp(self) -> None:
        """Reset the org."""
        super().setUp()
        self.okta.control.reset()


@cache
def _key_pool() -> KeyPool:
    """Return the signing keys for all orgs of the process, generated once."""
    from mock_okta import KeyPool  # noqa: PLC0415 -- as above

    return KeyPool()
