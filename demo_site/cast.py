"""Who works in the shop, and what its visitors asked so far."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Login:
    username: str
    name: str
    job_title: str
    groups: tuple[int, ...]
    superuser: bool = False
    password: str = "demo"

    @property
    def email(self) -> str:
        return f"{self.username}@shop.example"


@dataclass(frozen=True)
class PastChat:
    """Lines are (speaker, text) in order; every speaker but the visitor is an agent's user name."""

    name: str
    email: str
    group: int
    agent: str
    days_ago: int
    lines: tuple[tuple[str, str], ...]


GROUPS = {1: "Orders", 2: "Repairs"}

AGENTS = [
    Login("ann", "Ann Weaver", "Runs the shop", groups=(1, 2), superuser=True),
    Login("bob", "Bob Turner", "Mends what breaks", groups=(2,)),
]

PAST_CHATS = [
    PastChat(
        name="Mira Okafor",
        email="mira@visitors.example",
        group=1,
        agent="ann",
        days_ago=9,
        lines=(
            ("visitor", "Hi! Does the harbour teapot fit under a kitchen shelf of 20 cm?"),
            ("ann", "Hello Mira. It is 17 cm high with its lid on, so there is room to spare."),
            ("visitor", "And does the lid come off without moving the pot?"),
            ("ann", "It needs a quarter turn, then 4 cm. You would have to pull it forward a bit."),
            ("visitor", "Good to know. I'll take it anyway, thank you!"),
        ),
    ),
    PastChat(
        name="Jonas Lindqvist",
        email="jonas@visitors.example",
        group=2,
        agent="bob",
        days_ago=4,
        lines=(
            ("visitor", "One leg of my corner stool is loose. Can it be repaired?"),
            ("bob", "Surely. Does the leg turn in its hole, or did the wood split?"),
            ("visitor", "It turns."),
            ("bob", "Then it only needs glue and a night in a clamp. Bring it by, it is free."),
            ("visitor", "Wonderful. Is Thursday all right?"),
            ("bob", "Thursday is fine, from ten to six."),
        ),
    ),
    PastChat(
        name="",
        email="",
        group=0,
        agent="ann",
        days_ago=1,
        lines=(
            ("visitor", "do you deliver to islands?"),
            ("ann", "We do, to all that a ferry goes to. It takes two days more."),
            ("visitor", "great"),
        ),
    ),
]
