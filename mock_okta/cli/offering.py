"""Offers to install the widget that an org shows, to a person at a terminal."""

import threading
from pathlib import Path

import click

from mock_okta.browser.widget.releases import ReleaseError, Releases, default_directory

__all__ = ["offer_widget"]

_A_DOT_EVERY = 0.5


def offer_widget(version: str, directory: Path | None) -> None:
    """Ask whether to install the release if it is missing; without it, the org still serves."""
    releases = Releases(directory or default_directory())
    if releases.find(version) is not None:
        return
    if not click.confirm(f"Widget {version} is not installed. Install it from npm?", default=True):
        return
    try:
        with _Dots(f"Installing widget {version} "):
            releases.install(version)
    except ReleaseError as error:
        click.secho(f"{error}\nThe sign-in page is a plain form.", fg="yellow", err=True)


class _Dots:
    """Prints a dot now and then while something takes its time: npm does not say how far it is."""

    def __init__(self, said: str) -> None:
        self._said = said
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._print, daemon=True)

    def __enter__(self) -> None:
        click.echo(self._said, nl=False)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        click.echo()

    def _print(self) -> None:
        while not self._over.wait(_A_DOT_EVERY):
            click.echo(".", nl=False)
