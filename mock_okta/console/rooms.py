"""The rooms of the console."""

from msgspec import Struct

__all__ = ["ROOMS", "Room"]


class Room(Struct, frozen=True, kw_only=True):
    """A page of the console: its address, its title, and what one does there."""

    name: str
    title: str
    about: str

    @property
    def path(self) -> str:
        """Return its address."""
        return "/_mock/console" if self.name == "home" else f"/_mock/console/{self.name}"


ROOMS = (
    Room(name="home", title="Home", about="What an app needs to sign users in here."),
    Room(name="requests", title="Requests", about="What came in, what was answered, and why."),
    Room(name="users", title="Users", about="Who is in the org, and what they can sign in with."),
    Room(name="outbox", title="Outbox", about="E-mails, text messages and calls to users."),
    Room(name="push", title="Push", about="Okta Verify on users' phones."),
    Room(name="clock", title="Clock", about="The org's time: move it instead of waiting."),
    Room(name="faults", title="Faults", about="What goes wrong with the next requests."),
    Room(name="tokens", title="Tokens", about="Decode, verify and mint tokens; signing keys."),
    Room(name="sessions", title="Sessions", about="Who is signed in at the org."),
    Room(name="state", title="State", about="Snapshots, reset, export and import."),
    Room(name="policies", title="Apps & policies", about="Everything that is set up in the org."),
    Room(name="gallery", title="Gallery", about="The widget's screens, live, in every release."),
    Room(name="about", title="About", about="The version, and what to look out for."),
)
