"""`mock-okta serve` for people and for programs: colour, links, questions, files that change."""

import json
import os
import pty
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.serving import COMMAND, PATIENCE, Finished, Serve

SEED = "users: [{{login: {login}, password: mock-Password-1}}]"


@contextmanager
def at_a_terminal(environment: dict[str, str]) -> Iterator[int]:
    """Run `mock-okta serve` at a terminal of its own; yield what is behind the terminal."""
    outside, inside = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        env={"TERM": "xterm"} | environment,
        stdin=inside,
        stdout=inside,
        stderr=inside,
    ) as process:
        os.close(inside)
        try:
            yield outside
        finally:
            process.kill()
            os.close(outside)


def said_until(terminal: int, last: str) -> str:
    said = b""
    while last.encode() not in said:
        said += os.read(terminal, 4096)
    return said.decode()


@pytest.mark.process
def test_at_a_terminal_it_asks_for_the_widget_and_has_colours_and_links(
    environment: dict[str, str],
) -> None:
    without = {name: value for name, value in environment.items() if name != "NO_COLOR"}
    with at_a_terminal(without) as terminal:
        assert "Widget 7.49.0 is not installed" in said_until(terminal, "[Y/n]")
        os.write(terminal, b"n\n")
        said = said_until(terminal, "Stop with Ctrl-C")
    assert not Path(environment["MOCK_OKTA_WIDGET_DIR"]).exists()
    assert "\x1b[1mIssuers\x1b[0m" in said
    assert "\x1b]8;;http://localhost:" in said


@pytest.mark.network
@pytest.mark.process
def test_the_answer_yes_installs_the_widget(environment: dict[str, str]) -> None:
    folder = Path(environment["MOCK_OKTA_WIDGET_DIR"])
    with at_a_terminal(environment) as terminal:
        said_until(terminal, "[Y/n]")
        os.write(terminal, b"y\n")
        said = said_until(terminal, "Stop with Ctrl-C")
    assert "Installing widget 7.49.0 ." in said  # a dot now and then
    assert "is not installed" not in said
    assert (folder / "7.49.0" / "js" / "okta-sign-in.min.js").is_file()


@pytest.mark.process
def test_no_color_keeps_it_plain(environment: dict[str, str]) -> None:
    with at_a_terminal(environment | {"NO_COLOR": "1"}) as terminal:
        said_until(terminal, "[Y/n]")
        os.write(terminal, b"n\n")
        said = said_until(terminal, "Stop with Ctrl-C")
    assert "Issuers" in said
    assert "\x1b" not in said


def test_elsewhere_it_is_plain_and_asks_nothing(serve: Serve) -> None:
    with serve() as serving:
        assert "\x1b" not in serving.greeting
        assert "mock-okta widget install 7.49.0" in serving.greeting


def test_it_says_where_sign_ins_may_lead_back_to(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text(
        "clients: [{name: A, type: spa, login_redirect_uris: "
        "[http://a.test/1, http://a.test/2, http://a.test/3, http://a.test/4]}]"
    )
    with serve("org.yaml") as serving:
        lines = serving.greeting.splitlines()
    assert "    redirects to http://a.test/1" in lines
    assert "    and to 1 more" in lines
    assert "    redirects to http://a.test/4" not in lines


@pytest.mark.process
@pytest.mark.parametrize("option", ["--quiet", "--json"])
def test_programs_read_one_line(environment: dict[str, str], option: str) -> None:
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", option],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
        rest, _ = process.communicate(timeout=30)
    url = line.strip() if option == "--quiet" else json.loads(line)["url"]
    assert url.startswith("http://localhost:")
    assert rest == ""
    if option == "--json":
        facts = json.loads(line)
        assert facts["issuers"]["default"] == f"{url}/oauth2/default"
        assert facts["users"][0]["login"] == "tester@example.com"


def test_it_opens_the_browser(serve: Serve, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "opened")
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    with serve("--open", BROWSER=f"{browser} %s") as serving:
        assert (tmp_path / "opened").read_text().strip() == serving.url


def test_without_a_browser_it_names_the_address_to_open(serve: Serve, tmp_path: Path) -> None:
    with serve("--open", PATH=str(tmp_path), BROWSER="") as serving:
        assert serving.process.stderr is not None
        line = serving.process.stderr.readline()
    assert line == f"No browser was found to open: go to {serving.url}\n"


@pytest.mark.parametrize("storage", ["memory", "sqlite:org.sqlite"])
def test_a_seed_that_changes_is_in_the_org_at_once(
    serve: Serve, tmp_path: Path, storage: str
) -> None:
    seed, place = tmp_path / "org.yaml", ("--storage", storage, "--public-url", "http://org.test")
    seed.write_text(SEED.format(login="first@example.com"))
    if storage != "memory":
        with serve("org.yaml", *place):
            pass  # the next start does not parse the seed
    with serve("org.yaml", "--watch", *place) as serving:
        assert serving.process.stdout is not None
        assert serving.process.stderr is not None
        impatience = threading.Timer(PATIENCE, serving.process.kill)
        impatience.start()
        seed.write_text("users: [{login: 1}]")
        while "users[0].login" not in (line := serving.process.stderr.readline()):
            assert line
        seed.write_text(SEED.format(login="second@example.com"))
        while "org.yaml changed" not in (line := serving.process.stdout.readline()):
            assert line
        impatience.cancel()
        _, _, place_here = serving.greeting.partition("must lead  org.test:80=")
        sessions = f"http://{place_here.split()[0]}/_mock/sessions?user=second@example.com"
        with urllib.request.urlopen(sessions, timeout=PATIENCE) as answer:
            assert answer.status == 200
    if storage != "memory":
        with serve("org.yaml", *place) as serving:
            assert "second@example.com" in serving.greeting


def test_only_a_seed_file_can_be_watched(serve: Serve) -> None:
    with pytest.raises(pytest.fail.Exception, match="--watch needs a SEED"), serve("--watch"):
        pass


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_what_changed_is_there_at_the_next_start(serve: Serve, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"org.{ending}"
    new = {"login": "new@example.com", "password": "mock-Password-1"}
    with serve("--export-on-exit", str(file)) as serving:
        serving.put("/_mock/seed", {"users": [new]})
        stopped = serving.stop()
    assert stopped.status == 0
    *_, said = stopped.err.splitlines()
    assert said == f"{file} is written. Start such an org with: mock-okta serve {file}"
    with serve(str(file), "--export-on-exit", str(file)) as serving:
        assert "new@example.com" in serving.greeting
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_an_export_that_fails_is_told(serve: Serve, tmp_path: Path) -> None:
    with serve("--export-on-exit", str(tmp_path / "gone" / "org.yaml")) as serving:
        stopped = serving.stop()
    assert stopped.status == 1
    assert "org.yaml is not written: " in stopped.err
    assert "Traceback" not in stopped.err


@pytest.mark.process
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["org.toml"], "the file ends in .yaml, .yml or .json"),
        (["org.yaml", "--no-control"], "--export-on-exit needs /_mock"),
        (["org.yaml", "--workers", "2", "--storage", "sqlite:org.db"], "cannot --watch, --open or"),
    ],
)
def test_an_export_that_cannot_be_is_refused_at_the_start(
    run: Callable[..., Finished], options: list[str], said: str
) -> None:
    refused = run("serve", "--export-on-exit", *options)
    assert refused.status == 2
    assert said in refused.err
