"""Invalid settings are reported in one line."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mock_okta import Config, ConfigError, Org, Seed
from mock_okta.model.directory import DEFAULT_ENGINE, EngineName

ORIGIN = "expected http(s)://HOST[:PORT] and no path"
PLACES = "memory, sqlite:PATH or redis://HOST:PORT/DATABASE?org=NAME"


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("port", "80", "port: expected int, not '80'"),
        ("port", True, "port: expected int, not True"),
        ("port", 70000, "port: expected 0 to 65535, not 70000"),
        ("public_url", 443, "public_url: expected a str or None, not 443"),
        ("public_url", "org.test", f"public_url: {ORIGIN}, not 'org.test'"),
        ("public_url", "ftp://org.test", f"public_url: {ORIGIN}, not 'ftp://org.test'"),
        ("public_url", "http://", f"public_url: {ORIGIN}, not 'http://'"),
        ("public_url", "http://a.test/b", f"public_url: {ORIGIN}, not 'http://a.test/b'"),
        ("public_url", "http://a.test?b", f"public_url: {ORIGIN}, not 'http://a.test?b'"),
        ("public_url", "http://a@b.test", f"public_url: {ORIGIN}, not 'http://a@b.test'"),
        ("public_url", "http://a.test:0x1", f"public_url: {ORIGIN}, not 'http://a.test:0x1'"),
        ("public_url", "http://a b", f"public_url: {ORIGIN}, not 'http://a b'"),
        ("allowed_hosts", "org.test", "allowed_hosts: expected tuple, not 'org.test'"),
        ("allowed_hosts", ("a:80",), "allowed_hosts: expected a host name, not 'a:80'"),
        (
            "trusted_proxies",
            ("proxy",),
            "trusted_proxies: expected an address or a network, not 'proxy'",
        ),
        ("trusted_proxies", (1,), "trusted_proxies: expected an address or a network, not 1"),
        ("state_dir", "state", "state_dir: expected a Path or None, not 'state'"),
        ("storage", 1, "storage: expected a str or None, not 1"),
        ("storage", "state", f"storage: expected {PLACES}, not 'state'"),
        ("seed", "org.yaml", "seed: expected Seed, not 'org.yaml'"),
        ("tls", 1, "tls: expected bool, not 1"),
        ("tls_names", "org.test", "tls_names: expected tuple, not 'org.test'"),
        ("hostname", "http://a", "hostname: expected a host name, not 'http://a'"),
        ("hostname", "", "hostname: expected a host name, not ''"),
        ("domains", "org.test", "domains: expected tuple, not 'org.test'"),
        ("domains", (1,), "domains: expected a host name, not 1"),
        ("domains", ("a.test", "b c"), "domains: expected a host name, not 'b c'"),
        ("hostname", "*.a.test", "hostname: expected a host name, not '*.a.test'"),
        ("head_timeout", 30, "head_timeout: expected timedelta, not 30"),
        ("body_timeout", timedelta(), "body_timeout: expected more than zero, not 0:00:00"),
        ("engine", "oie", "engine: expected classic or identity, not 'oie'"),
        ("engine", 1, "engine: expected classic or identity, not 1"),
        ("widget_generation", 4, "widget_generation: expected 2 or 3, not 4"),
        ("widget_generation", None, "widget_generation: expected 2 or 3, not None"),
        ("control_token", 1, "control_token: expected a str or None, not 1"),
        ("control_token", "", "control_token: expected one word of ASCII characters"),
        ("control_token", "a b", "control_token: expected one word of ASCII characters"),
        ("control_token", "a\n", "control_token: expected one word of ASCII characters"),
        ("control_token", "\u00fc", "control_token: expected one word of ASCII characters"),
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


PLACES = "memory, sqlite:PATH or redis://HOST:PORT/DATABASE?org=NAME"


@pytest.mark.parametrize(
    ("setting", "in_the_seed", "runs"),
    [
        (None, None, DEFAULT_ENGINE),
        (None, "identity", "identity"),
        ("classic", "identity", "classic"),
        ("identity", None, "identity"),
        ("identity", "classic", "identity"),
    ],
)
def test_the_setting_of_the_engine_counts_before_the_seed_s(
    setting: EngineName | None, in_the_seed: EngineName | None, runs: EngineName
) -> None:
    seed = Seed(org=Org(name="Mine", engine=in_the_seed))
    filled = Config(seed=seed, engine=setting).given_seed().whole
    assert filled.org == Org(name="Mine", engine=runs)
    assert filled.clients == seed.clients


@pytest.mark.parametrize("place", [{"storage": "sqlite:org.sqlite"}, {"state_dir": Path("state")}])
def test_ids_that_come_again_are_refused_where_state_lasts(place: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="id_seed: ids that come again need the storage memory"):
        Config(id_seed=1, **place)
    assert Config(id_seed=1, **place | {"storage": "memory"}).id_seed == 1
