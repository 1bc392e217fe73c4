"""Okta's Identity Engine SDK for Java, unmodified, with what `mock-okta run` tells it."""

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from mock_okta import (
    KeyPool,
    Seed,
    SeedFactor,
    SeedRegistration,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.clients.beside import CLIENT_SECONDS, Beside, beside_org
from tests.clients.building import built
from tests.clients.conftest import OPEN_TO_CLIENTS
from tests.clients.test_java import COPY, MAVEN, QUICKLY, SOURCES
from tests.idx.conftest import identity
from tests.tool_chains import needs
from tests.visiting import LOGIN, PASSWORD, WEB, claims_of

pytestmark = pytest.mark.network

TWO_FACTORS = "Two factors"
Steps = Mapping[str, tuple[str, str, str]]
EMAIL = SeedFactor(factor="okta_email")


def _seed() -> Seed:
    """Return an org whose web app may use interaction codes, and where some prove two factors."""
    seed = identity(OPEN_TO_CLIENTS)
    groups = ("Everyone", TWO_FACTORS)
    people = (
        SeedUser(login="email@example.com", password=PASSWORD, groups=groups, factors=(EMAIL,)),
        SeedUser(login="forgetful@example.com", password=PASSWORD),
    )
    clients = tuple(
        msgspec.structs.replace(
            client, grant_types=(*client.allowed_grant_types, "interaction_code")
        )
        if client.client_id == WEB
        else client
        for client in seed.clients
    )
    two = SeedSignOnPolicy(
        name=TWO_FACTORS, groups=(TWO_FACTORS,), rules=(SeedSignOnRule(require_factor=True),)
    )
    return msgspec.structs.replace(
        seed,
        users=(*seed.users, *people),
        clients=clients,
        sign_on_policies=(two, SeedSignOnPolicy()),
        registration=SeedRegistration(activation_email=True, asks_password=False),
    )


@pytest.fixture(scope="module")
def sdk() -> Path:
    needs("java")
    return built("java-idx", SOURCES / "idx", (needs("mvn"), *MAVEN[1:], COPY))


@pytest.fixture(scope="module")
def beside(shared_pool: KeyPool) -> Iterator[Beside]:
    with beside_org(None, _seed(), "/callback", shared_pool) as beside:
        yield beside


@pytest.fixture(scope="module")
def steps(sdk: Path, beside: Beside) -> Steps:
    """Where each step led: the status, the errors, and whose ID token came."""
    done = subprocess.run(
        (*QUICKLY, "lib/*", "SignIn.java", f"{beside.app_url}/callback"),
        cwd=sdk,
        env=beside.environment(WEB),
        capture_output=True,
        text=True,
        timeout=CLIENT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split("|") for line in done.stdout.splitlines()]
    return {step: (status, errors, _login(token)) for step, status, errors, token in lines}


def _login(id_token: str) -> str:
    return str(claims_of(id_token)["preferred_username"]) if id_token else ""


def test_a_password_ends_in_tokens(steps: Steps) -> None:
    assert steps["wrong password"] == ("null", "Authentication failed", "")
    assert steps["password"] == ("success", "", LOGIN)


def test_who_cancelled_signs_in_from_the_start(
    steps: Steps,
) -> None:
    assert steps["cancelled"] == ("success", "", LOGIN)


def test_an_email_is_the_second_factor(steps: Steps) -> None:
    assert steps["second factor"] == ("awaiting_authenticator_verification_data", "", "")
    assert steps["email sent"] == ("awaiting_authenticator_verification", "", "")
    assert steps["wrong code"] == ("null", "Invalid code. Try again.", "")
    assert steps["email"] == ("success", "", "email@example.com")


def test_a_password_is_recovered_by_email(steps: Steps) -> None:
    assert steps["recovery"] == ("awaiting_authenticator_verification_data", "", "")
    assert steps["recovery sent"] == ("awaiting_authenticator_verification", "", "")
    assert steps["reset"] == ("awaiting_password_reset", "", "")
    status, errors, token = steps["weak password"]
    assert (status, token) == ("null", "")
    assert errors.startswith("Password requirements were not met.")
    assert steps["recovered"] == ("success", "", "forgetful@example.com")
    assert steps["new password"] == ("success", "", "forgetful@example.com")


def test_somebody_registers_by_their_profile_alone(steps: Steps) -> None:
    assert steps["taken address"][1:] == ("A user with this Email already exists", "")
    enrols = "awaiting_authenticator_enrollment"
    assert steps["registered"] == (f"{enrols}_selection", "", "")
    assert steps["to enrol"][0] == "Password, Email"
    assert steps["password asked"] == (enrols, "", "")
    assert steps["weak first password"][1].startswith("Password requirements were not met.")
    assert steps["left to enrol"][0] == "Email"
    assert steps["address asked"] == (enrols, "", "")
    assert steps["enrolled"] == ("success", "", "registered@example.com")
    assert steps["first password"] == ("success", "", "registered@example.com")
