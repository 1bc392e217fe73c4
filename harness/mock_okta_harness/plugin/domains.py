"""Fixtures for an org at a domain, as in production: `Config().at_domain(…)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_okta_harness.plugin.options import org_elsewhere, scope_choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mock_okta import Proxy
    from mock_okta_harness.running import RunningOrg


_ONE_BROWSER = (
    "a browser lives for the whole run, and so do its names and addresses: an org at a domain "
    "needs okta_scope = session, or a browser context of your own with okta_proxy"
)


@pytest.fixture(scope="session")
def okta_app_routes() -> Mapping[str, str]:
    """Override this: your own app's names, `{"app.example.test:443": "127.0.0.1:9000"}`."""
    return {}


@pytest.fixture(scope="session")
def okta_routes(
    request: pytest.FixtureRequest, okta_app_routes: Mapping[str, str]
) -> Mapping[str, str]:
    """Names, and the addresses that the browser connects to for them; empty without a domain."""
    if not (okta_app_routes or _is_at_a_domain(request)):
        return {}
    if scope_choice("okta_server", request.config) != "session":
        raise pytest.UsageError(_ONE_BROWSER)
    return {**request.getfixturevalue("okta_server").routes, **okta_app_routes}


@pytest.fixture(scope=scope_choice)
def okta_proxy(okta_server: RunningOrg, okta_app_routes: Mapping[str, str]) -> Iterator[Proxy]:
    """A proxy to the org; it refuses all other hosts except this machine."""
    from mock_okta import Proxy  # noqa: PLC0415 -- only what starts a server imports it

    with Proxy(routes={**okta_server.routes, **okta_app_routes}) as proxy:
        yield proxy


def serves_https(request: pytest.FixtureRequest) -> bool:
    """Return whether there is one org for the whole run, with a CA to trust."""
    if scope_choice("okta_server", request.config) != "session":
        return False
    elsewhere = org_elsewhere(request.config)
    if elsewhere:
        return elsewhere.ca_file is not None
    return bool(request.getfixturevalue("okta_config").tls)


def _is_at_a_domain(request: pytest.FixtureRequest) -> bool:
    elsewhere = org_elsewhere(request.config)
    if elsewhere:
        return bool(elsewhere.routes)
    return request.getfixturevalue("okta_config").public_url is not None
