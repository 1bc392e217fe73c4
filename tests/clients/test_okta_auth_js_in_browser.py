"""okta-auth-js 7.14 and 8, unmodified, in a real browser: what its own end-to-end specs walk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from playwright.sync_api import Page

from mock_okta import (
    Config,
    KeyPool,
    MockOkta,
    SeedFactor,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.clients.app_page import serving
from tests.e2e.releases import NEWEST
from tests.idx.conftest import identity
from tests.visiting import BOUND, LOGIN, PASSWORD, SEED, SPA, claims_of, half_hash

pytestmark = [pytest.mark.network, pytest.mark.browser]

PROVES_ADDRESS = "email@example.com"
PKCE, IMPLICIT = {"pkce": True}, {"pkce": False}
FRAGMENT = PKCE | {"responseMode": "fragment"}
ACR = {"acrValues": "urn:okta:loa:1fa:any"}
DPOP = {"dpop": True, "clientId": BOUND}
WAYS: Mapping[str, Mapping[str, Any]] = {"pkce": PKCE, "implicit": IMPLICIT, "dpop": PKCE | DPOP}
VERSION_7, VERSION_8 = "okta-auth-js-7", "@okta/okta-auth-js"
each_version = pytest.mark.parametrize(
    "url", [VERSION_7, VERSION_8], ids=["7.14", "8"], indirect=True
)
each_way = pytest.mark.parametrize("way", WAYS)

CREATE = """(options) => {
  window.client = new OktaAuth({ ...options, restoreOriginalUri: async () => {} });
}"""
DIRECTLY = """async ([username, password]) => {
  const { sessionToken } = await client.signInWithCredentials({ username, password });
  const { tokens } = await client.token.getWithoutPrompt({ sessionToken });
  client.tokenManager.setTokens(tokens);
}"""
TOKENS = """async () => {
  const { accessToken, idToken } = await client.tokenManager.getTokens();
  return [accessToken?.accessToken, idToken?.idToken];
}"""
USER = """async () => {
  const { accessToken, idToken } = await client.tokenManager.getTokens();
  return (await client.token.getUserInfo(accessToken, idToken)).preferred_username;
}"""
AUTO_RENEWED = """async (key) => {
  const renewed = new Promise((resolve, reject) => {
    client.tokenManager.on('renewed', (name) => name === key && resolve());
    client.tokenManager.on('error', reject);
  });
  await client.start();
  await renewed;
  await client.stop();
}"""
DPOP_KEYS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('OktaAuthJs', 1);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const counting = opening.result.transaction('DPoPKeys').objectStore('DPoPKeys').count();
    counting.onsuccess = () => resolve(counting.result);
  };
})"""


@dataclass(frozen=True)
class App:
    """An app in a browser, and the org that it signs in at."""

    org: MockOkta
    url: str
    page: Page

    def create(self, **options: Any) -> None:
        """Have a client of the library on the page."""
        usual = {
            "issuer": self.org.issuer(),
            "clientId": SPA,
            "redirectUri": f"{self.url}/callback",
            "postLogoutRedirectUri": self.url,
            "scopes": ["openid", "profile", "email"],
        }
        self.page.evaluate(CREATE, usual | options)

    def open(self, **options: Any) -> None:
        """Open the app's page."""
        self.page.goto(f"{self.url}/")
        self.create(**options)

    def sign_in(self) -> None:
        """Sign in from the page, without the org's own."""
        self.page.evaluate(DIRECTLY, [LOGIN, PASSWORD])

    @property
    def tokens(self) -> tuple[str | None, str | None]:
        """The access token and the ID token that the library keeps."""
        access, identity_ = self.page.evaluate(TOKENS)
        return access, identity_

    def sign_out(self) -> None:
        """Sign out, and come back to the app."""
        with self.page.expect_navigation(url=f"{self.url}/"):
            self.page.evaluate("() => { client.signOut(); }")


def sign_in_at_org(page: Page) -> None:
    """Fill in the org's own page."""
    page.locator("input[name=identifier]").fill(LOGIN)
    page.locator("input[name='credentials.passcode']").fill(PASSWORD)
    page.locator("[data-se=o-form] [type=submit]:visible").click()


@pytest.fixture(scope="module")
def url(request: pytest.FixtureRequest, node_clients: Path) -> Iterator[str]:
    """The app's address; its library is version 8 unless a test asks for another."""
    package = getattr(request, "param", VERSION_8)
    with serving(node_clients / "node_modules" / package) as url:
        yield url


@pytest.fixture(scope="module")
def app_org(url: str, shared_pool: KeyPool) -> Iterator[MockOkta]:
    """An org on the Identity Engine that knows the app; one user proves an address, too."""
    seed = identity(SEED)
    clients = tuple(
        msgspec.structs.replace(
            client,
            base_uris=(url,),
            login_redirect_uris=(f"{url}/callback", f"{url}/"),
            logout_redirect_uris=(url,),
        )
        for client in seed.clients
        if client.client_id in (SPA, BOUND)
    )
    proves = SeedUser(
        login=PROVES_ADDRESS,
        password=PASSWORD,
        groups=("Everyone", "Addresses"),
        factors=(SeedFactor(factor="okta_email"),),
    )
    policies = (
        SeedSignOnPolicy(groups=("Addresses",), rules=(SeedSignOnRule(require_factor=True),)),
        SeedSignOnPolicy(name="Others"),
    )
    seed = msgspec.structs.replace(
        seed, clients=clients, users=(*seed.users, proves), sign_on_policies=policies
    )
    config = Config(seed=seed, engine="identity", widget_version=NEWEST)
    with MockOkta(config, key_pool=shared_pool) as org:
        yield org


@pytest.fixture
def app(page: Page, url: str, app_org: MockOkta) -> App:
    return App(app_org, url, page)


@each_version
@pytest.mark.parametrize(
    "options",
    [PKCE, FRAGMENT, IMPLICIT, PKCE | ACR, IMPLICIT | ACR, PKCE | DPOP, FRAGMENT | DPOP],
    ids=["pkce", "fragment", "implicit", "pkce-acr", "implicit-acr", "dpop", "dpop-fragment"],
)
def test_a_user_signs_in_by_a_redirect_and_out_again(app: App, options: dict[str, Any]) -> None:
    app.open(**options)
    app.page.evaluate("() => { client.signInWithRedirect(); }")
    sign_in_at_org(app.page)
    app.page.wait_for_url(f"{app.url}/callback*")
    app.create(**options)
    app.page.evaluate("() => client.handleLoginRedirect()")
    assert app.page.evaluate(USER) == LOGIN
    _, id_token = app.tokens
    assert id_token is not None
    assert claims_of(id_token).get("acr") == options.get("acrValues")
    app.sign_out()
    if "dpop" in options:
        assert app.page.evaluate(DPOP_KEYS) == 0


@each_way
def test_a_user_signs_in_in_a_popup(app: App, way: str) -> None:
    app.open(**WAYS[way])
    with app.page.expect_popup() as opened:
        app.page.evaluate(
            """() => {
              window.signedIn = client.token.getWithPopup({})
                .then(({ tokens }) => client.tokenManager.setTokens(tokens));
            }"""
        )
    sign_in_at_org(opened.value)
    app.page.evaluate("() => signedIn")
    assert app.page.evaluate(USER) == LOGIN
    app.sign_out()


@each_way
def test_a_user_signs_in_without_the_orgs_page(app: App, way: str) -> None:
    app.open(**WAYS[way])
    app.sign_in()
    assert app.page.evaluate(USER) == LOGIN
    app.sign_out()


@each_way
def test_tokens_are_renewed_as_long_as_the_session_lasts(app: App, way: str) -> None:
    app.open(**WAYS[way])
    app.sign_in()
    access, id_token = app.tokens
    app.page.evaluate("() => client.tokenManager.renew('accessToken')")
    renewed, _ = app.tokens
    assert renewed not in (None, access)
    app.page.evaluate(
        """async () => {
          const { tokens } = await client.token.getWithoutPrompt();
          client.tokenManager.setTokens(tokens);
        }"""
    )
    both = app.tokens
    assert both[0] not in (None, access, renewed)
    assert both[1] not in (None, id_token)

    elsewhere = app.page.context.new_page()
    elsewhere.goto(f"{app.org.url}/login/signout")
    refused = app.page.evaluate(
        "() => client.tokenManager.renew('accessToken').catch((error) => String(error))"
    )
    said = "The client specified not to prompt, but the user is not logged in."
    assert refused == f"OAuthError: {said}"


def test_a_revoked_token_is_no_more(app: App) -> None:
    app.open(**PKCE)
    app.sign_in()
    token, _ = app.tokens
    app.page.evaluate("() => client.revokeAccessToken()")
    assert app.tokens[0] is None
    form = {"client_id": SPA, "token": token}
    answer = requests.post(f"{app.org.issuer()}/v1/introspect", data=form, timeout=9)
    assert answer.json() == {"active": False}


@pytest.mark.parametrize(
    ("options", "renewed"),
    [
        (IMPLICIT | {"responseType": "token"}, "accessToken"),
        (IMPLICIT | {"responseType": "id_token"}, "idToken"),
        (IMPLICIT | {"responseType": ["id_token", "token"]}, "idToken"),
        (PKCE, "idToken"),
    ],
    ids=["access token", "ID token", "both", "pkce"],
)
def test_tokens_are_renewed_by_themselves(app: App, options: dict[str, Any], renewed: str) -> None:
    app.open(**options, tokenManager={"expireEarlySeconds": 60 * 60 - 1})
    app.sign_in()
    before = app.tokens
    app.page.evaluate(AUTO_RENEWED, renewed)
    access, id_token = app.tokens
    assert (access is None, id_token is None) == (before[0] is None, before[1] is None)
    assert (access, id_token) != before
    if access is not None and id_token is not None:
        assert claims_of(id_token)["at_hash"] == half_hash(access)


def _came_back(app: App) -> None:
    """Come back from the org as it sends somebody back who has to do more at the app."""
    app.page.goto(f"{app.url}/callback?error=interaction_required")
    app.create(**PKCE)
    assert app.page.evaluate("() => client.idx.isInteractionRequired()") is True


def test_who_has_to_interact_goes_on_at_the_app(app: App) -> None:
    app.open(**PKCE)
    app.page.evaluate("() => { client.signInWithRedirect(); }")
    app.page.locator("input[name=identifier]").wait_for()
    _came_back(app)
    begun = app.page.evaluate("() => client.idx.start()")
    assert begun["status"] == "PENDING"
    assert begun["neededToProceed"][0]["name"] == "identify"


@each_version
def test_who_has_a_session_has_nothing_more_to_do(app: App) -> None:
    app.open(**PKCE)
    app.page.evaluate("() => { client.signInWithRedirect(); }")
    sign_in_at_org(app.page)
    app.page.wait_for_url(f"{app.url}/callback*")
    _came_back(app)
    done = app.page.evaluate(
        """async () => {
          const { status, tokens } = await client.idx.proceed();
          return [status, tokens.idToken.claims.preferred_username];
        }"""
    )
    assert done == ["SUCCESS", LOGIN]


@each_version
def test_a_link_that_is_opened_in_the_same_browser_ends_the_sign_in(app: App) -> None:
    app.open(**PKCE)
    app.page.evaluate(
        """async ([username, password]) => {
          const legacy = { enableLegacyMode: true };
          await client.idx.authenticate({ username, password, ...legacy });
          await client.idx.proceed({ methodType: 'email', ...legacy });
        }""",
        [PROVES_ADDRESS, PASSWORD],
    )
    poll = """async () => {
      const actions = ['currentAuthenticatorEnrollment-poll'];
      const { status, tokens } = await client.idx.proceed({ actions });
      return [status, tokens?.idToken.claims.amr];
    }"""
    assert app.page.evaluate(poll) == ["PENDING", None]
    messages = requests.get(f"{app.org.url}/_mock/outbox", timeout=9).json()["messages"]
    app.page.context.new_page().goto(messages[-1]["link"])
    assert app.page.evaluate(poll) == ["SUCCESS", ["mfa", "email", "pwd"]]
