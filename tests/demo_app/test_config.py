"""Options, environment, defaults, and what is said about mistakes."""

from pathlib import Path

import pytest

from mock_okta_demo import SettingsError, read_settings

ENOUGH = {"ISSUER": "http://localhost:8700/oauth2/default", "CLIENT_ID": "0oa1spa00000000000h7"}


def test_an_issuer_and_a_client_id_are_enough() -> None:
    settings = read_settings({}, ENOUGH)
    assert settings.page_url == "http://localhost:9000"
    assert settings.api_url == "http://localhost:9001"
    assert settings.widget_url == "http://localhost:8700/okta-signin-widget"
    assert settings.allowed_clients == {"0oa1spa00000000000h7"}


def test_options_come_before_the_environment() -> None:
    settings = read_settings({"PORT": "1234", "CLIENT_ID": None}, {**ENOUGH, "PORT": "4321"})
    assert settings.port == 1234
    assert settings.client_id == "0oa1spa00000000000h7"


def test_the_engine_and_the_generation_of_the_widget_can_be_chosen() -> None:
    settings = read_settings({}, ENOUGH)
    assert (settings.engine, settings.widget_generation) == ("identity", "2")
    settings = read_settings({}, {**ENOUGH, "ENGINE": "classic", "WIDGET_GENERATION": "3"})
    assert (settings.engine, settings.widget_generation) == ("classic", "3")
    for name in ("ENGINE", "WIDGET_GENERATION"):
        with pytest.raises(SettingsError, match=f"{name} must be .* or .*, not 'oie'"):
            read_settings({}, {**ENOUGH, name: "oie"})


def test_a_slash_at_the_end_of_the_issuer_is_no_part_of_it() -> None:
    settings = read_settings({}, {**ENOUGH, "ISSUER": "http://localhost:8700/oauth2/default/"})
    assert settings.issuer == "http://localhost:8700/oauth2/default"


def test_scopes_may_be_parted_by_spaces_or_commas() -> None:
    settings = read_settings({"REQUIRED_SCOPES": "openid,messages.read email"}, ENOUGH)
    assert settings.required_scopes == ("openid", "messages.read", "email")


def test_a_certificate_makes_page_and_api_https(tmp_path: Path) -> None:
    file = tmp_path / "any.pem"
    file.write_text("")
    settings = read_settings({"TLS_CERT": str(file), "TLS_KEY": str(file)}, ENOUGH)
    assert settings.page_url == "https://localhost:9000"
    assert settings.api_url == "https://localhost:9001"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ISSUER": ""}, "ISSUER is not set (or --issuer)"),
        ({"CLIENT_ID": ""}, "CLIENT_ID is not set (or --client-id)"),
        ({"ISSUER": "default"}, "ISSUER must be an http or https URL, not 'default'"),
        ({"ISSUER": "ftp://localhost"}, "ISSUER must be an http or https URL"),
        ({"ISSUER": "http://localhost:what"}, "ISSUER is not a URL"),
        ({"ISSUER": "http://localhost?a=1"}, "ISSUER must have neither query nor fragment"),
        ({"WIDGET_URL": "/widget"}, "WIDGET_URL must be an http or https URL"),
        ({"PORT": "http"}, "PORT must be a number from 0 to 65535, not 'http'"),
        ({"API_PORT": "65536"}, "API_PORT must be a number from 0 to 65535"),
        ({"PORT": "-1"}, "PORT must be a number"),
        ({"CA_FILE": "no-such.pem"}, "CA_FILE is not a file: no-such.pem"),
        ({"TLS_CERT": __file__}, "TLS_CERT and TLS_KEY must both be set"),
        ({"TLS_KEY": __file__}, "TLS_CERT and TLS_KEY must both be set"),
    ],
)
def test_a_mistake_is_reported_in_one_line(change: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as mistake:
        read_settings({}, ENOUGH | change)
    assert str(mistake.value).startswith(said)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize(
    ("issuer", "console"),
    [
        ("http://localhost:8700/oauth2/default", "http://localhost:8700/_mock/console"),
        ("https://acme.okta.localhost:8700", "https://acme.okta.localhost:8700/_mock/console"),
        ("https://acme.okta.com/oauth2/default", None),
    ],
)
def test_only_an_org_on_this_machine_has_a_console(issuer: str, console: str | None) -> None:
    assert read_settings({}, ENOUGH | {"ISSUER": issuer}).console_url == console
