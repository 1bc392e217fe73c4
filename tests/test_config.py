"""Settings that make no sense are told in one line."""

from pathlib import Path
from typing import Any

import pytest

from mock_okta import Config, ConfigError


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("port", "80", "port: expected int, not '80'"),
        ("port", True, "port: expected int, not True"),
        ("port", 70000, "port: expected 0 to 65535, not 70000"),
        ("state_dir", "state", "state_dir: expected a Path or None, not 'state'"),
        ("seed", "org.yaml", "seed: expected Seed, not 'org.yaml'"),
        ("tls", 1, "tls: expected bool, not 1"),
        ("tls_names", "org.test", "tls_names: expected tuple, not 'org.test'"),
        ("hostname", "http://a", "hostname: expected a host name, not 'http://a'"),
        ("hostname", "", "hostname: expected a host name, not ''"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(
    setting: str, value: Any, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        Config(**{setting: value})
    assert str(caught.value) == message


def test_right_settings_are_taken(tmp_path: Path) -> None:
    config = Config(port=0, tls=True, tls_names=("org.test",), state_dir=tmp_path, widget_dir=None)
    assert config.state_dir == tmp_path
