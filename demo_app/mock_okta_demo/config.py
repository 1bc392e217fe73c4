"""The app's settings: from options first, then the environment, then defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from yarl import URL


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one line for the person who starts the app."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of page and API. `port` and `api_port` may be 0 until both are bound."""

    issuer: str
    client_id: str
    widget_url: str
    engine: str = "identity"
    widget_generation: str = "2"
    port: int = 9000
    api_port: int = 9001
    audience: str = "api://default"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    required_scopes: tuple[str, ...] = ("openid",)
    api_client_ids: tuple[str, ...] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    ca_file: Path | None = None
    host: str = "127.0.0.1"
    hostname: str = "localhost"
    leeway: timedelta = timedelta(seconds=10)
    key_refetch_interval: timedelta = timedelta(seconds=5)

    @property
    def scheme(self) -> str:
        """`https` if there is a certificate; the same for page and API."""
        return "https" if self.tls_cert else "http"

    @property
    def page_url(self) -> str:
        """The page's origin, as a browser writes it."""
        return f"{self.scheme}://{self.hostname}:{self.port}"

    @property
    def api_url(self) -> str:
        """The API's origin."""
        return f"{self.scheme}://{self.hostname}:{self.api_port}"

    @property
    def org_url(self) -> str:
        """The issuer's origin, for the widget's `baseUrl`, which must have no path."""
        return str(URL(self.issuer).origin())

    @property
    def console_url(self) -> str | None:
        """The console of a mock org on this machine; another org has none."""
        host = URL(self.issuer).host or ""
        is_here = host in ("127.0.0.1", "::1") or f".{host}".endswith(".localhost")
        return f"{self.org_url}/_mock/console" if is_here else None

    @property
    def endpoints(self) -> str:
        """The base of authorize and userinfo, as Okta's client library builds it."""
        middle = "" if URL(self.issuer).path.startswith("/oauth2/") else "/oauth2"
        return f"{self.issuer}{middle}/v1"

    @property
    def asked_scopes(self) -> tuple[str, ...]:
        """The scopes that the page requests: its own, and those that the API needs."""
        return tuple(dict.fromkeys((*self.scopes, *self.required_scopes)))

    @property
    def allowed_clients(self) -> frozenset[str]:
        """The clients whose tokens the API accepts: the page's own, unless others are set."""
        return frozenset(self.api_client_ids or (self.client_id,))


@dataclass(frozen=True, kw_only=True)
class Option:
    """One setting: `NAME` in the environment, `--name` on the command line."""

    name: str
    help: str
    default: str | None = None

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return "--" + self.name.lower().replace("_", "-")


OPTIONS = (
    Option(
        name="ISSUER", help="the authorization server, e.g. https://acme.okta.com/oauth2/default"
    ),
    Option(name="CLIENT_ID", help="client id of this single-page app"),
    Option(
        name="WIDGET_URL",
        help="URL of the widget's files, without the version",
        default="{issuer's origin}/okta-signin-widget",
    ),
    Option(
        name="ENGINE",
        help="what the page of widget 7.49.0 signs in by: identity or classic",
        default="identity",
    ),
    Option(
        name="WIDGET_GENERATION",
        help="which generation of the widget that is with ENGINE=identity: 2 or 3",
        default="2",
    ),
    Option(name="PORT", help="the page's port; 0 takes a free one", default="9000"),
    Option(name="API_PORT", help="the protected API's port; 0 takes a free one", default="9001"),
    Option(name="AUDIENCE", help="the API's name in a token's aud", default="api://default"),
    Option(name="SCOPES", help="scopes that the page requests", default="openid profile email"),
    Option(name="REQUIRED_SCOPES", help="scopes that the API requires", default="openid"),
    Option(
        name="API_CLIENT_IDS", help="clients whose tokens the API accepts", default="{CLIENT_ID}"
    ),
    Option(name="TLS_CERT", help="PEM file of a certificate chain; page and API then use https"),
    Option(name="TLS_KEY", help="PEM file of the certificate's key"),
    Option(name="CA_FILE", help="PEM file of the CA to trust when fetching the issuer's keys"),
)


def read_settings(given: Mapping[str, str | None], environ: Mapping[str, str]) -> Settings:
    """Read settings from options (by their names in `OPTIONS`), or else from `environ`.

    Raises SettingsError.
    """
    values = {option.name: given.get(option.name) or environ.get(option.name) for option in OPTIONS}
    issuer = _url("ISSUER", _required(values, "ISSUER"))
    widget_url = values["WIDGET_URL"] or f"{URL(issuer).origin()}/okta-signin-widget"
    tls_cert, tls_key = _file("TLS_CERT", values["TLS_CERT"]), _file("TLS_KEY", values["TLS_KEY"])
    if (tls_cert is None) != (tls_key is None):
        raise SettingsError("TLS_CERT and TLS_KEY must both be set: only one of them is")
    return Settings(
        issuer=issuer,
        client_id=_required(values, "CLIENT_ID"),
        widget_url=_url("WIDGET_URL", widget_url),
        engine=_one_of("ENGINE", values["ENGINE"], ("identity", "classic")),
        widget_generation=_one_of("WIDGET_GENERATION", values["WIDGET_GENERATION"], ("2", "3")),
        port=_port("PORT", values["PORT"], Settings.port),
        api_port=_port("API_PORT", values["API_PORT"], Settings.api_port),
        audience=values["AUDIENCE"] or Settings.audience,
        scopes=_words(values["SCOPES"], Settings.scopes),
        required_scopes=_words(values["REQUIRED_SCOPES"], Settings.required_scopes),
        api_client_ids=_words(values["API_CLIENT_IDS"], ()),
        tls_cert=tls_cert,
        tls_key=tls_key,
        ca_file=_file("CA_FILE", values["CA_FILE"]),
    )


def _required(values: Mapping[str, str | None], name: str) -> str:
    value = values[name]
    if not value:
        option = next(option for option in OPTIONS if option.name == name)
        raise SettingsError(f"{name} is not set (or {option.flag}): {option.help}")
    return value


def _url(name: str, value: str) -> str:
    try:
        url = URL(value)
    except ValueError as error:
        raise SettingsError(f"{name} is not a URL: {value!r}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise SettingsError(f"{name} must be an http or https URL, not {value!r}")
    if url.query_string or url.fragment:
        raise SettingsError(f"{name} must have neither query nor fragment: {value!r}")
    return value.rstrip("/")


def _one_of(name: str, value: str | None, choices: tuple[str, ...]) -> str:
    """Return the value, which has to be a choice; the first of them if there is none."""
    if value and value not in choices:
        raise SettingsError(f"{name} must be {' or '.join(choices)}, not {value!r}")
    return value or choices[0]


def _port(name: str, value: str | None, default: int) -> int:
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) > 65535:
        raise SettingsError(f"{name} must be a number from 0 to 65535, not {value!r}")
    return int(value)


def _words(value: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.replace(",", " ").split()) if value else default


def _file(name: str, value: str | None) -> Path | None:
    if not value:
        return None
    path = Path(value)
    if not path.is_file():
        raise SettingsError(f"{name} is not a file: {value}")
    return path
