"""`mock-okta widget`: which releases are here, and that the org serves them."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.serving import Finished, Serve


def _put_release(environment: dict[str, str], version: str) -> Path:
    release = Path(environment["MOCK_OKTA_WIDGET_DIR"]) / version
    (release / "js").mkdir(parents=True)
    (release / "js" / "okta-sign-in.min.js").touch()
    return release


def test_widget_list_says_what_is_supported_and_what_is_here(
    invoke: Callable[..., Finished], environment: dict[str, str]
) -> None:
    _put_release(environment, "5.16.1")
    _put_release(environment, "6.0.0-beta.1")
    finished = invoke("widget", "list")
    assert finished.status == 0
    assert finished.out.splitlines() == [
        "2.21.0  not installed",
        "3.2.2  not installed",
        "5.16.1  installed",
        "6.0.0-beta.1  installed  (not a supported version)",
        "7.49.0  not installed",
    ]


def test_widget_path_is_the_directory_of_the_release(
    invoke: Callable[..., Finished], environment: dict[str, str]
) -> None:
    release = _put_release(environment, "3.2.2")
    finished = invoke("widget", "path", "3.2.2")
    assert (finished.status, finished.out) == (0, f"{release}\n")


def test_widget_install_of_what_is_here_asks_nobody(
    invoke: Callable[..., Finished], environment: dict[str, str], tmp_path: Path
) -> None:
    release = _put_release(environment, "3.2.2")
    finished = invoke("widget", "install", "3.2.2", PATH=str(tmp_path))
    assert (finished.status, finished.out) == (0, f"Widget 3.2.2 is in {release}\n")


def test_the_org_serves_the_installed_widget(serve: Serve, environment: dict[str, str]) -> None:
    _put_release(environment, "3.2.2")
    with serve() as serving:
        assert serving.get("/okta-signin-widget/3.2.2/js/okta-sign-in.min.js") == 200
        assert serving.get("/okta-signin-widget/7.49.0/js/okta-sign-in.min.js") == 404
