"""The org's own pages in a browser without JavaScript: facts/oauth I.3."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from mock_okta import Config, MockOkta
from mock_okta.web.pages import js_string
from tests.visiting import APP, LOGIN, PASSWORD, SEED, Answer, Change, Visitor

SIGN_IN = "/login/login.htm"
HOME = "/app/UserHome"


@pytest.fixture
def widget_dir(tmp_path: Path) -> Path:
    """Where releases are: none."""
    return tmp_path


@pytest.fixture
def config(widget_dir: Path) -> Config:
    return Config(seed=SEED, widget_dir=widget_dir, widget_version="3.2.2")


@pytest.fixture
def installed(widget_dir: Path) -> Path:
    """Something in the place of the widget's release 3.2.2."""
    release = widget_dir / "3.2.2"
    for name in ("js/okta-sign-in.min.js", "css/okta-sign-in.min.css"):
        (release / name).parent.mkdir(parents=True)
        (release / name).write_text("/* nothing */")
    return release


async def _submit(visitor: Visitor, shown: Answer, **typed: str) -> Answer:
    """Send the page's form as a browser does: its own fields, and what is typed."""
    form = shown.form
    assert form.method == "post"
    return await visitor.ask("POST", form.action, data={**form.fields, **typed})


@pytest.mark.parametrize("path", [SIGN_IN, "/signin"])
async def test_the_form_has_the_widgets_ids_and_names(visitor: Visitor, path: str) -> None:
    answer = await visitor.ask("GET", path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert {"username", "password", "fromURI"} == set(answer.form.fields)
    for name in ("username", "password", "submit"):
        assert f'id="okta-signin-{name}"' in answer.text
    assert "<script" not in answer.text


async def test_signing_in_by_the_form_leads_home(visitor: Visitor, org: MockOkta) -> None:
    shown = await visitor.ask("GET", SIGN_IN)
    answer = await _submit(visitor, shown, username=LOGIN, password=PASSWORD)
    assert answer.location == org.url + HOME
    assert set(answer.set_cookies()) == {"sid", "DT"}
    assert "Hello, Test" in (await visitor.ask("GET", answer.location)).text


async def test_signing_in_leads_to_where_the_user_wanted_to_go(
    visitor: Visitor, org: MockOkta
) -> None:
    wanted = "/oauth2/default/v1/authorize?client_id=x&state=a%20b"
    for from_uri in (wanted, org.url + wanted):
        await visitor.ask("GET", "/login/signout")
        shown = await visitor.ask("GET", f"{SIGN_IN}?{urlencode({'fromURI': from_uri})}")
        answer = await _submit(visitor, shown, username=LOGIN, password=PASSWORD)
        assert answer.location == org.url + wanted


@pytest.mark.parametrize("path", [SIGN_IN, "/signin"])
async def test_a_signed_in_user_goes_on_from_the_sign_in_page(
    visitor: Visitor, org: MockOkta, path: str
) -> None:
    await visitor.sign_in()
    assert (await visitor.ask("GET", path)).location == org.url + HOME
    there = urlencode({"fromURI": "/there?a=1"})
    assert (await visitor.ask("GET", f"{path}?{there}")).location == f"{org.url}/there?a=1"
    hostile = urlencode({"fromURI": "https://evil.example/"})
    assert (await visitor.ask("GET", f"{path}?{hostile}")).location == org.url + HOME


async def test_a_request_that_waited_goes_on_once_the_user_signed_in_elsewhere(
    visitor: Visitor,
) -> None:
    waiting = await visitor.authorize()
    assert (await visitor.ask("GET", waiting.location)).status == 200
    await visitor.sign_in()
    resumed = (await visitor.ask("GET", waiting.location)).location
    assert "code" in (await visitor.ask("GET", resumed)).returned


@pytest.mark.parametrize("change", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "1"}])
async def test_a_signed_in_user_is_asked_again_where_the_request_wants_it(
    visitor: Visitor, org: MockOkta, change: Change
) -> None:
    await visitor.sign_in()
    org.clock.advance(timedelta(seconds=2))
    waiting = await visitor.authorize(change)
    shown = await visitor.ask("GET", waiting.location)
    assert shown.status == 200
    again = await _submit(visitor, shown, username=LOGIN, password=PASSWORD)
    assert "code" in (await visitor.ask("GET", again.location)).returned


@pytest.mark.parametrize(
    ("login", "password"),
    [(LOGIN, "wrong"), ("nobody@example.com", PASSWORD), ("", ""), ("\x00", "\ud83d")],
)
async def test_a_failed_sign_in_shows_the_form_again(
    visitor: Visitor, org: MockOkta, login: str, password: str
) -> None:
    form = {"username": login, "password": password.encode("utf-8", "replace").decode()}
    answer = await visitor.ask("POST", SIGN_IN, data=form | {"fromURI": f"{org.url}/there"})
    assert answer.status == 401
    assert 'role="alert"' in answer.text
    assert answer.form.fields["fromURI"] == f"{org.url}/there"
    assert answer.form.fields["username"] in (login, "\ufffd")
    assert answer.form.fields["password"] == ""
    assert "Set-Cookie" not in answer.headers
    again = await _submit(visitor, answer, username=LOGIN, password=PASSWORD)
    assert again.location == f"{org.url}/there"


@pytest.mark.parametrize(
    "from_uri",
    [
        "//evil.example",
        "///evil.example",
        "////evil.example/x",
        "https://evil.example",
        "http://evil.example/",
        "http:evil.example",
        "http:/evil.example",
        "http:///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\x00/evil.example",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "{org}.evil.example/",
        "{org}@evil.example/",
        "{org}:80@evil.example/",
        "{org}\\@evil.example/",
        "http://user@{host}/",
        "https://{host}/",
        "http://[",
        "evil.example",
        "?next=//evil.example",
        "#",
        "",
    ],
)
async def test_nobody_else_chooses_where_a_user_ends_up(
    visitor: Visitor, org: MockOkta, from_uri: str
) -> None:
    hostile = from_uri.replace("{org}", org.url).replace("{host}", urlsplit(org.url).netloc)
    shown = await visitor.ask("GET", f"{SIGN_IN}?{urlencode({'fromURI': hostile})}")
    assert shown.form.fields["fromURI"] == org.url + HOME
    typed = {"username": LOGIN, "password": PASSWORD, "fromURI": hostile}
    assert (await _submit(visitor, shown, **typed)).location == org.url + HOME


@pytest.mark.usefixtures("installed")
async def test_nor_where_the_widget_takes_a_user(visitor: Visitor) -> None:
    hostile = urlencode({"fromURI": "https://evil.example/');alert(1)//"})
    answer = await visitor.ask("GET", f"{SIGN_IN}?{hostile}")
    assert "evil.example" not in answer.text
    assert "evil\\x2Eexample" not in answer.text


HOSTILE = "\"><script>alert('1')</script>{{7*7}}&amp;\u2028</script>"


async def test_a_hostile_login_hint_is_only_text(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", f"{SIGN_IN}?{urlencode({'login_hint': HOSTILE})}")
    assert answer.form.fields["username"] == HOSTILE
    assert "<script" not in answer.text


@pytest.mark.usefixtures("installed")
async def test_a_hostile_login_hint_is_only_text_to_the_widget(visitor: Visitor) -> None:
    usual = await visitor.ask("GET", SIGN_IN)
    answer = await visitor.ask("GET", f"{SIGN_IN}?{urlencode({'login_hint': HOSTILE})}")
    assert answer.text.count("<script") == usual.text.count("<script") == 2
    assert answer.text.count("</script>") == 2
    (literal,) = re.findall(r"username: '(.*)',\n", answer.text)
    assert re.fullmatch(r"(?:[A-Za-z0-9]|\\x[0-9A-F]{2}|\\u[0-9A-F]{4})+", literal)


async def test_the_log_names_the_failure_not_the_password(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    await visitor.ask("POST", SIGN_IN, data={"username": LOGIN, "password": "hush-hush"})
    assert f"WrongPassword for '{LOGIN}'" in caplog.text
    assert "hush-hush" not in caplog.text


@pytest.mark.parametrize("path", ["/", HOME])
async def test_home_needs_a_session(visitor: Visitor, org: MockOkta, path: str) -> None:
    answer = await visitor.ask("GET", path)
    target = urlsplit(answer.location)
    assert answer.location.startswith(org.url + SIGN_IN)
    assert parse_qs(target.query) == {"fromURI": [HOME]}


@pytest.mark.parametrize("path", ["/", HOME])
async def test_home_has_a_user_menu_with_a_sign_out_link(
    visitor: Visitor, org: MockOkta, path: str
) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("GET", path)
    assert answer.status == 200
    menu = answer.text.partition('data-se="user-menu"')[2].partition("</nav>")[0]
    (link,) = re.findall(r'<a data-se="logout-link" href="([^"]*)"', menu)
    assert '<a class="link-button"' in menu  # what opens the menu on Okta's own page
    assert "Test" in menu
    assert LOGIN in answer.text
    assert (await visitor.ask("GET", link)).location == f"{org.url}/login/login.htm"
    assert (await visitor.ask("GET", path)).status == 302


async def test_a_hostile_profile_is_only_text(visitor: Visitor) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "profile": {"firstName": HOSTILE}}
    await visitor.ask("PUT", "/_mock/seed", json={"users": [user]})
    await visitor.sign_in()
    assert "<script" not in (await visitor.ask("GET", HOME)).text


async def test_without_the_release_the_page_has_no_script(visitor: Visitor) -> None:
    assert "okta-signin-widget" not in (await visitor.ask("GET", SIGN_IN)).text


@pytest.mark.usefixtures("installed")
async def test_with_the_release_the_widget_takes_the_forms_place(
    visitor: Visitor, org: MockOkta
) -> None:
    answer = await visitor.ask("GET", SIGN_IN)
    assert 'id="okta-signin-username"' in answer.text
    assert answer.form.action == SIGN_IN
    for file in ("js/okta-sign-in.min.js", "css/okta-sign-in.min.css"):
        assert f'"{org.url}/okta-signin-widget/3.2.2/{file}"' in answer.text
        loaded = await visitor.ask("GET", f"/okta-signin-widget/3.2.2/{file}")
        assert loaded.status == 200


async def test_a_release_installed_meanwhile_is_used_at_once(
    visitor: Visitor, request: pytest.FixtureRequest
) -> None:
    assert "okta-signin-widget" not in (await visitor.ask("GET", SIGN_IN)).text
    request.getfixturevalue("installed")
    assert "okta-signin-widget" in (await visitor.ask("GET", SIGN_IN)).text


@pytest.mark.usefixtures("installed")
async def test_authorize_without_a_session_leads_to_the_same_page(visitor: Visitor) -> None:
    answer = await visitor.authorize()
    while answer.status == 302:
        assert not answer.location.startswith(APP)
        answer = await visitor.ask("GET", answer.location)
    assert 'id="okta-signin-username"' in answer.text
    submitted = await _submit(visitor, answer, username=LOGIN, password=PASSWORD)
    finished = await visitor.ask("GET", submitted.location)
    assert finished.location.startswith(f"{APP}/callback?code=")


async def test_the_help_that_the_widget_links_to_says_who_can_sign_in(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/help/login")
    assert answer.status == 200
    assert "/_mock/org" in answer.text
    assert 'href="/login/login.htm"' in answer.text


LINKS = [
    ("/signin/reset-password/", "recoveryToken"),
    ("/signin/user-unlock/", "recoveryToken"),
    ("/signin/refresh-auth-state/", "stateToken"),
]


@pytest.mark.parametrize(("path", "option"), LINKS)
@pytest.mark.usefixtures("installed")
async def test_a_link_hands_its_token_to_the_widget(
    visitor: Visitor, path: str, option: str
) -> None:
    page = (await visitor.ask("GET", f"{path}token-1%27%3C%2Fscript%3E")).text
    assert f"{option}: 'token\\x2D1\\x27\\x3C\\x2Fscript\\x3E'," in page
    assert "<form" not in page


@pytest.mark.parametrize(("path", "option"), LINKS)
async def test_a_link_says_what_is_missing_without_the_widget(
    visitor: Visitor, path: str, option: str
) -> None:
    answer = await visitor.ask("GET", f"{path}token-1")
    assert answer.status == 200
    assert "mock-okta widget install 3.2.2" in answer.text
    assert option not in answer.text


@pytest.mark.usefixtures("installed")
async def test_the_widget_offers_to_register_where_people_may(visitor: Visitor) -> None:
    assert "registration: false" in (await visitor.ask("GET", SIGN_IN)).text
    await visitor.ask("PUT", "/_mock/seed", json={"registration": {}})
    assert "registration: true" in (await visitor.ask("GET", SIGN_IN)).text


@pytest.mark.usefixtures("installed")
async def test_the_widgets_labels_come_from_the_org(visitor: Visitor, org: MockOkta) -> None:
    """The form is in the language that the browser asks for; the org does not choose it."""
    text = (await visitor.ask("GET", SIGN_IN)).text
    assets = f"{js_string(org.url)}/okta-signin-widget/3.2.2"
    assert f"assets: {{ baseUrl: '{assets}' }}" in text
    assert "language" not in text
    assert "oktacdn" not in text


@pytest.mark.usefixtures("installed")
async def test_identity_providers_and_routing_are_the_widgets_too(
    visitor: Visitor, org: MockOkta
) -> None:
    plain = (await visitor.ask("GET", SIGN_IN)).text
    assert "idps:" not in plain
    assert "idpDiscovery: false" in plain
    seed = {
        "identity_providers": [{"id": "0oa1idp", "name": "A'</script>", "type": "SAML2"}],
        "routing_rules": [{"idp": "0oa1idp", "domains": ["example.org"]}],
    }
    await visitor.ask("PUT", "/_mock/seed", json=seed)
    text = (await visitor.ask("GET", f"{SIGN_IN}?fromURI=/there")).text
    there = js_string(f"{org.url}/there")
    assert "{ type: 'SAML2', id: '0oa1idp'," in text
    assert f"text: 'Sign in with {js_string(seed['identity_providers'][0]['name'])}' }}" in text
    assert f"relayState: '{there}'" in text
    assert "idpDiscovery: true" in text
    assert f"idpDiscovery: {{ requestContext: '{there}' }}" in text


@pytest.mark.usefixtures("installed")
async def test_the_widget_asks_for_no_password_where_a_sign_on_rule_lets_users_begin_so(
    visitor: Visitor,
) -> None:
    assert "passwordlessAuth: false" in (await visitor.ask("GET", SIGN_IN)).text
    rules = [{"name": "Any", "primary_factor": "PASSWORD_IDP_ANY_FACTOR"}]
    await visitor.ask("PUT", "/_mock/seed", json={"sign_on_policies": [{"rules": rules}]})
    assert "passwordlessAuth: true" in (await visitor.ask("GET", SIGN_IN)).text
    denying = [{**rules[0], "access": "DENY"}]
    await visitor.ask("PUT", "/_mock/seed", json={"sign_on_policies": [{"rules": denying}]})
    assert "passwordlessAuth: false" in (await visitor.ask("GET", SIGN_IN)).text


@pytest.mark.usefixtures("installed")
async def test_a_link_that_resumes_a_sign_in_knows_where_it_goes_on_to(
    visitor: Visitor, org: MockOkta
) -> None:
    path = "/signin/refresh-auth-state/00token"
    text = (await visitor.ask("GET", f"{path}?fromURI=/there")).text
    assert f"setCookieAndRedirect('{js_string(org.url + '/there')}')" in text
    trusted = "http://localhost:9000/there"  # an identity provider was left for it
    text = (await visitor.ask("GET", f"{path}?fromURI={trusted}")).text
    assert f"setCookieAndRedirect('{js_string(trusted)}')" in text
    text = (await visitor.ask("GET", f"{path}?fromURI=https://evil.example/")).text
    assert f"setCookieAndRedirect('{js_string(org.url + HOME)}')" in text
