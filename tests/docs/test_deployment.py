"""The files for deployments: what they give the command exists, and nginx takes its file."""

import ast
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mock_okta.cli import main
from mock_okta.control.paths import Path as ControlPath
from mock_okta.model.seed import default_seed, read_seed

ROOT = Path(__file__).parents[2]
CONTEXT = click.Context(main, **main.context_settings)


def _command(name: str) -> click.Command:
    found = main.get_command(CONTEXT, name)
    assert found is not None, name
    return found


def _variables() -> set[str]:
    """Every variable that the command, the tests or the widget's folder reads."""
    known = {"MOCK_OKTA_WIDGET_DIR"}
    for name in main.list_commands(CONTEXT):
        for parameter in _command(name).params:
            known.add(f"MOCK_OKTA_{name}_{parameter.name}".upper())
            given = parameter.envvar
            known.update([given] if isinstance(given, str) else given or ())
    return known


def _dockerfile() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in text.splitlines())]


def _compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def _manifests() -> list[Any]:
    return list(yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text()))


def _manifest(kind: str, name: str = "mock-okta") -> Any:
    (found,) = (m for m in _manifests() if (m["kind"], m["metadata"]["name"]) == (kind, name))
    return found


def _container() -> Any:
    (container,) = _manifest("Deployment")["spec"]["template"]["spec"]["containers"]
    return container


def _calls() -> Iterator[tuple[str, list[str]]]:
    """Every call of the command, by where it is."""
    for word, rest in _dockerfile():
        if word == "CMD":
            yield "Dockerfile", yaml.safe_load(rest)
        elif word == "HEALTHCHECK":
            program, *words = yaml.safe_load(rest.partition(" CMD ")[2])
            assert program == "mock-okta"
            yield "Dockerfile's HEALTHCHECK", words
        elif word == "RUN" and rest.startswith("mock-okta "):
            yield "Dockerfile's RUN", shlex.split(rest)[1:]
    yield "compose.yaml", _compose()["okta"]["command"]
    yield "kubernetes.yaml", _container()["args"]


@pytest.mark.parametrize(("where", "words"), list(_calls()), ids=[where for where, _ in _calls()])
def test_the_command_has_every_option_that_is_used(where: str, words: list[str]) -> None:
    name, *rest = words
    command: click.Command = _command(name)
    while isinstance(command, click.Group):
        inner = command.get_command(CONTEXT, rest.pop(0))
        assert inner is not None, where
        command = inner
    command.make_context(name, rest, parent=CONTEXT)


def test_every_variable_is_read_by_the_command() -> None:
    named = {rest.partition("=")[0] for word, rest in _dockerfile() if word == "ENV"}
    named |= set(_compose()["okta"]["environment"])
    named |= {each["name"] for each in _container()["env"]}
    for file in ("compose.yaml", "deploy/kubernetes.yaml"):  # in comments too
        named |= set(re.findall(r"MOCK_OKTA_\w+", (ROOT / file).read_text()))
    assert len(named) >= 5
    assert named <= _variables(), named - _variables()


def test_the_settings_make_a_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {each["name"]: each.get("value") for each in _container()["env"]}
    for variables in (_compose()["okta"]["environment"], given):
        with monkeypatch.context() as patch:
            for name in [each for each in os.environ if each.startswith("MOCK_OKTA")]:
                patch.delenv(name)
            for name, value in variables.items():
                if value is not None:
                    patch.setenv(name, value)
            context = _command("serve").make_context("serve", [], parent=CONTEXT)
        assert context.params["public_url"] == variables["MOCK_OKTA_SERVE_PUBLIC_URL"]
        trusted = variables["MOCK_OKTA_SERVE_TRUST_PROXY"].split()
        assert list(context.params["trust_proxy"]) == trusted


def test_probes_ask_what_is_served() -> None:
    container = _container()
    assert container["readinessProbe"]["httpGet"]["path"] == ControlPath.READY
    assert container["livenessProbe"]["httpGet"]["path"] == ControlPath.HEALTH


def test_the_parts_of_the_manifest_fit_together() -> None:
    kept = set(_manifest("Secret")["stringData"])
    asked = [
        each["valueFrom"]["secretKeyRef"] for each in _container()["env"] if "value" not in each
    ]
    assert {each["key"] for each in asked} == kept
    assert {each["name"] for each in asked} == {"mock-okta"}
    (port,) = (each["containerPort"] for each in _container()["ports"])
    assert _manifest("Service")["spec"]["ports"][0]["targetPort"] == port
    (volume,) = _manifest("Deployment")["spec"]["template"]["spec"]["volumes"]
    assert volume["configMap"]["name"] == "mock-okta-seeds"
    assert _manifest("ConfigMap", "mock-okta-seeds")["data"]
    url = {each["name"]: each.get("value") for each in _container()["env"]}
    (host,) = (rule["host"] for rule in _manifest("Ingress")["spec"]["rules"])
    assert url["MOCK_OKTA_SERVE_PUBLIC_URL"] == f"https://{host}"


def test_the_seed_in_the_manifest_is_valid(tmp_path: Path) -> None:
    for name, text in _manifest("ConfigMap", "mock-okta-seeds")["data"].items():
        (tmp_path / name).write_text(text)
    assert read_seed(tmp_path).org.name == "Test environment"


def test_the_image_gets_files_that_exist() -> None:
    for word, rest in _dockerfile():
        if word == "COPY":
            *sources, _ = rest.split()
            assert all((ROOT / source).exists() for source in sources), rest


def test_the_proxy_s_file_is_where_compose_looks_for_it() -> None:
    (volume,) = _compose()["proxy"]["volumes"]
    assert (ROOT / volume.partition(":")[0]).is_file()


def test_the_load_test_uses_an_app_that_the_default_org_has() -> None:
    tree = ast.parse((ROOT / "deploy/locustfile.py").read_text())
    (given,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and "CLIENT_ID" in ast.unparse(node.targets[0])
    )
    client_id, redirect_uri = given
    (app,) = (each for each in default_seed().clients if each.client_id == client_id)
    assert app.type == "spa"
    assert redirect_uri in app.login_redirect_uris
