"""Several seed files as one seed."""

import json
from pathlib import Path

import pytest

from mock_okta.model.seed import SeedError, default_seed, read_seed, read_seeds

USERS = "users:\n- login: one@example.com\n  password: mock-Password-1\n"
MORE = {"users": [{"login": "two@example.com", "password": "mock-Password-1"}]}
APP = """
[[clients]]
name = "App"
type = "spa"
assigned_users = ["two@example.com"]
"""


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_a_folder_of_seeds_is_one_seed_in_the_order_of_file_names(tmp_path: Path) -> None:
    files = {"b__yaml": USERS, "a__json": json.dumps(MORE), "c__toml": APP}
    seed = read_seed(written(tmp_path, **files))
    assert [user.login for user in seed.users] == ["two@example.com", "one@example.com"]
    assert [client.name for client in seed.clients] == ["App"]
    assert seed.authorization_servers == default_seed().authorization_servers


def test_what_is_no_seed_and_what_is_hidden_is_left_out(tmp_path: Path) -> None:
    files = {"a__yaml": USERS, "README__md": "# Seeds", "__b__yaml": "{", "empty__yml": ""}
    (tmp_path / "c.yaml").mkdir()
    seed = read_seed(written(tmp_path, **files))
    assert [user.login for user in seed.users] == ["one@example.com"]


def test_files_and_folders_are_joined_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    written(tmp_path / "folder", a__yaml=USERS)
    written(tmp_path, z__json=json.dumps(MORE))
    seed = read_seeds([tmp_path / "z.json", tmp_path / "folder"])
    assert [user.login for user in seed.users] == ["two@example.com", "one@example.com"]


def test_files_may_each_give_some_settings_of_the_org(tmp_path: Path) -> None:
    files = {"a__yaml": "org: {name: Mine}", "b__yaml": "org: {name: Mine, engine: identity}"}
    seed = read_seed(written(tmp_path, **files))
    assert (seed.org.name, seed.org.engine) == ("Mine", "identity")


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        (USERS, USERS, "b.yaml:2:3: users[0]: 'login' 'one@example.com' is given twice"),
        (
            "users: []\norg: {name: A}",
            "org:\n  name: B",
            "b.yaml:2:3: org: `name` is already in {}/a.yaml, with another value",
        ),
        (
            "registration: {enabled: true}",
            "registration: {enabled: false}",
            "b.yaml:1:1: `registration` is already in {}/a.yaml, with another value",
        ),
        (
            "users: []",
            "users: 1",
            "b.yaml:1:1: `users` is already in {}/a.yaml, with another value",
        ),
        (USERS, "users:\n- login: a@b.test\n  pasword: x", "b.yaml:3:3: users[0]: unknown field"),
        (USERS, "useers: []", "b.yaml:1:1: unknown field `useers`"),
        (USERS, "[]", "b.yaml:1:1: Expected `object`, got `array`"),
        (
            USERS,
            "clients: [{name: App, type: spa, assigned_users: [nobody@example.com]}]",
            "b.yaml:1:51: clients[0].assigned_users[0]: there is no user 'nobody@example.com'",
        ),
    ],
)
def test_a_clash_or_a_mistake_is_one_line_with_its_file(
    tmp_path: Path, first: str, second: str, line: str
) -> None:
    with pytest.raises(SeedError) as caught:
        read_seed(written(tmp_path, a__yaml=first, b__yaml=second))
    (told,) = str(caught.value).splitlines()
    assert told.startswith(f"{tmp_path}/{line.format(tmp_path)}")


def test_mistakes_of_several_files_are_all_told(tmp_path: Path) -> None:
    with pytest.raises(SeedError) as caught:
        read_seed(written(tmp_path, a__yaml="zzz: []", b__json='{"yyy": []}'))
    assert [line.partition(": ")[0] for line in str(caught.value).splitlines()] == [
        f"{tmp_path}/a.yaml:1:1",
        f"{tmp_path}/b.json:1:2",
    ]


def test_a_folder_without_a_seed_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="there is no seed in this folder") as caught:
        read_seed(written(tmp_path, README__md="# Seeds"))
    assert str(caught.value).startswith(f"{tmp_path}: ")
