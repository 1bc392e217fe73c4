"""What names a storage, and what does not."""

import pytest

from mock_okta.storage import PlaceError, place_of


@pytest.mark.parametrize(
    ("given", "kind", "where"),
    [
        ("memory", "memory", "memory"),
        ("sqlite:org.sqlite", "sqlite", "sqlite:org.sqlite"),
        ("sqlite:/var/lib/org", "sqlite", "sqlite:/var/lib/org"),
        ("redis://db", "redis", "redis://db:6379?org=mock_okta"),
        ("redis://db:7000/3?org=team-a", "redis", "redis://db:7000/3?org=team-a"),
        ("rediss://me:secret@db/0", "redis", "rediss://db:6379/0?org=mock_okta"),
    ],
)
def test_a_storage_has_a_kind_and_an_address_to_show(given: str, kind: str, where: str) -> None:
    place = place_of(given)
    assert (place.kind, place.shown) == (kind, where)


def test_options_of_the_connection_stay_in_the_url() -> None:
    place = place_of("rediss://me:secret@db:7000/0?ssl_ca_certs=ca.pem&org=b")
    assert place.url == "rediss://me:secret@db:7000/0?ssl_ca_certs=ca.pem"
    assert place.org == "b"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sqlite",
        "sqlite:",
        "org.sqlite",
        "postgres://me:secret@db/0",
        "redis:db",
        "redis://me:secret@db:port/0",
        "redis://me:secret@db/name",
        "redis://me:secret@db/0?org=a b",
        "redis://me:secret@db/0?org=",
        "redis://db/0?password=secret",
        "redis://me:secret@db/0?decode_responses=1",
        "redis://me:secret@db/0?socket_timeout=2&protocol=3",
    ],
)
def test_anything_else_is_refused_in_one_line_without_a_password(given: str) -> None:
    with pytest.raises(PlaceError) as refusal:
        place_of(given)
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)
