"""The widget's files at the CDN's own paths."""

from pathlib import Path

import pytest

from mock_okta import Config
from tests.visiting import SEED, Answer, Visitor

ROOT = "/okta-signin-widget"
# Of global.oktacdn.com, and of ok1static.oktacdn.com.
ROOTS = (ROOT, "/assets/js/sdk/okta-signin-widget")
FILES = {
    "js/okta-sign-in.min.js": ("application/javascript", "/* script */"),
    "css/okta-sign-in.min.css": ("text/css", "/* style */"),
    "font/okticon.woff": ("font/woff", "font"),
    "font/okticon.eot": ("application/vnd.ms-fontobject", "font"),
    "font/okticon.ttf": ("font/ttf", "font"),
    "font/okticon.svg": ("image/svg+xml", "font"),
    "img/icons/login/one.png": ("image/png", "image"),
    "labels/json/login_fr.json": ("application/json", "{}"),
    "labels/jsonp/login_fr.jsonp": ("application/javascript", "jsonp_login({})"),
}
SECRET = "this is outside of every release"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An org with release 3.2.2, a release that is broken, and a file beside them."""
    directory = tmp_path / "widget"
    for name, (_, text) in FILES.items():
        file = directory / "3.2.2" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (directory / "5.16.1" / "js").mkdir(parents=True)
    (directory / "secret.txt").write_text(SECRET)
    (directory / "3.2.2" / "js" / "link.js").symlink_to(directory / "secret.txt")
    (directory / "3.2.2-other").mkdir()
    (directory / "3.2.2-other" / "secret.txt").write_text(SECRET)
    return Config(seed=SEED, widget_dir=directory)


@pytest.mark.parametrize(("name", "kind", "text"), [(n, k, t) for n, (k, t) in FILES.items()])
@pytest.mark.parametrize("root", ROOTS)
async def test_files_are_where_the_cdn_has_them(
    visitor: Visitor, root: str, name: str, kind: str, text: str
) -> None:
    answer = await visitor.ask("GET", f"{root}/3.2.2/{name}")
    assert (answer.status, answer.text) == (200, text)
    assert answer.headers["Content-Type"] == kind
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Server" not in answer.headers


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://anybody.example"])
@pytest.mark.parametrize("root", ROOTS)
async def test_any_origin_may_read_them(visitor: Visitor, root: str, origin: str) -> None:
    """Fonts, and labels fetched by the widget, are read across origins."""
    for name in FILES:
        answer = await visitor.ask("GET", f"{root}/3.2.2/{name}", headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_a_browser_that_has_a_file_is_reported_to_keep_it(visitor: Visitor) -> None:
    path = f"{ROOT}/3.2.2/js/okta-sign-in.min.js"
    first = await visitor.ask("GET", path)
    again = await visitor.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def _says_how_to_install(answer: Answer, version: str) -> bool:
    assert answer.status == 404
    assert answer.json()["errorCode"] == "E0000007"
    summary: str = answer.json()["errorSummary"]
    return f"mock-okta widget install {version}" in summary


@pytest.mark.parametrize("version", ["7.49.0", "1.0.0", "5.16.1"])
async def test_a_release_that_is_not_here_names_the_command_that_installs_it(
    visitor: Visitor, version: str
) -> None:
    answer = await visitor.ask("GET", f"{ROOT}/{version}/js/okta-sign-in.min.js")
    assert _says_how_to_install(answer, version)
    from_a_page = await visitor.ask(
        "GET", f"{ROOT}/{version}/js/okta-sign-in.min.js", headers={"Origin": "http://a.example"}
    )
    assert from_a_page.headers["Access-Control-Allow-Origin"] == "http://a.example"


@pytest.mark.parametrize(
    "version",
    ["latest", "3.2", "..", "%2e%2e", "..%2f", "3.2.2%20%3b%20rm", "%00", "%ED%A0%80", "3.2.2%0a"],
)
async def test_what_is_no_version_names_no_command(visitor: Visitor, version: str) -> None:
    answer = await visitor.ask("GET", f"{ROOT}/{version}/js/okta-sign-in.min.js")
    assert answer.status == 404
    assert "install" not in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "js/missing.js",
        "js",
        "js/",
        "",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "..%2Fsecret.txt",
        "js/../../secret.txt",
        "js/..%2f..%2fsecret.txt",
        "..%2f3.2.2-other%2fsecret.txt",
        "..%5csecret.txt",
        "..%c0%afsecret.txt",
        "%2fetc%2fpasswd",
        "//etc/passwd",
        "js/link.js",
        "js/okta-sign-in.min.js/more",
        "js/%00",
        "js/okta-sign-in.min.js%00.png",
        "%ED%A0%80",
        "x" * 300,
        "%C3%BC" * 250,
        "a/" * 5000,
        "js%0aokta",
    ],
)
async def test_nothing_else_is_served(visitor: Visitor, name: str) -> None:
    answer = await visitor.ask("GET", f"{ROOT}/3.2.2/{name}")
    assert answer.status == 404
    assert answer.json()["errorCode"] == "E0000008"
    assert SECRET not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_they_are_only_read(visitor: Visitor, method: str) -> None:
    answer = await visitor.ask(method, f"{ROOT}/3.2.2/js/okta-sign-in.min.js")
    assert answer.status == 405
