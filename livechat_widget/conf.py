"""The settings of this app: one dictionary, ``LIVECHAT``, in the host's settings module."""

from typing import Any

from django.conf import settings as django_settings
from django.core.signals import setting_changed

DEFAULTS: dict[str, Any] = {
    # Name of the organization that is made for a new database.
    "ORGANIZATION_NAME": "Support",
    # Life of a customer's access token; clients discard a token with an hour or less to go.
    "TOKEN_LIFETIME_SECONDS": 8 * 3600,
    # What is told of a signed-in user: the dotted path of a function that takes the user and gives
    # any of name, email and avatar.
    "USER_DETAILS": "",
    # How long after it was signed an identity is good at most.
    "IDENTITY_LIFETIME_SECONDS": 24 * 3600,
    # Origins, besides the site's own, whose pages may open the widget and the protocol.
    "TRUSTED_ORIGINS": (),
    # Hosts at whose root the protocol stands, and nothing else; a dot before one is all below it.
    "PROTOCOL_HOSTS": (),
    # A socket that has not logged in by then is closed.
    "LOGIN_TIMEOUT_SECONDS": 30,
    # A customer's socket on which nothing was asked for so long is closed.
    "INACTIVITY_SECONDS": 1800,
    # A request that takes longer is answered with an error.
    "REQUEST_TIMEOUT_SECONDS": 15.0,
    # Requests, and of these messages, that one connection may send; ten seconds' worth at once.
    "REQUESTS_PER_SECOND": 50,
    "SENDS_PER_SECOND": 10,
    # Handshakes and logins that one process takes from one address.
    "HANDSHAKES_PER_MINUTE": 600,
    "LOGINS_PER_MINUTE": 600,
    # Sockets of one address that may wait for their login in one process.
    "UNAUTHENTICATED_PER_ADDRESS": 100,
    # Sockets of one customer, and customers who are online, in all processes together.
    "SOCKETS_PER_CUSTOMER": 20,
    "CUSTOMERS_ONLINE": 100_000,
    # The name of this deployment's region, where there are several.
    "REGION": "",
    # Largest frame or body that is read at all.
    "MAX_FRAME_BYTES": 64 * 1024,
    # Longest text of a message, in UTF-8 bytes.
    "MAX_TEXT_BYTES": 16 * 1024,
    # Namespaces of properties of the site's own: {namespace: {name: definition}}.
    "PROPERTY_NAMESPACES": {},
    # Namespaces, and properties in all, of one chat, thread or event, and bytes of a text there.
    "MAX_PROPERTY_NAMESPACES": 20,
    "MAX_PROPERTIES": 100,
    "MAX_PROPERTY_BYTES": 4096,
    # Transcripts that may be asked for in one chat within a day.
    "TRANSCRIPTS_PER_DAY": 5,
    # Frames that may wait for one slow connection before it is closed.
    "MAX_WAITING_FRAMES": 1000,
    # Threads, and so database connections, that serve the sockets of one process.
    "DATABASE_THREADS": 8,
    # Sends and seen marks that may wait for the writer before more are refused.
    "WRITER_QUEUE": 5000,
    # Unanswered requests of one connection.
    "PENDING_REQUESTS": 10,
    # Tickets that are taken from one address within an hour.
    "TICKETS_PER_HOUR": 10,
    # The alias in STORAGES under which uploaded files are kept; without one none are taken.
    "FILE_STORAGE": "",
    # Largest file, what one customer's files may be together, and how many a minute anybody sends.
    "MAX_FILE_BYTES": 10 * 1024 * 1024,
    "FILE_QUOTA_BYTES": 100 * 1024 * 1024,
    "FILES_PER_MINUTE": 10,
    # What is taken, by what the bytes are; "application/octet-stream" is all that is not known.
    "FILE_TYPES": (
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "application/zip",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "text/plain",
        "video/mp4",
        "video/quicktime",
        "video/webm",
    ),
    # Pixels of a picture; each takes 3 or 4 bytes of memory while it is measured.
    "MAX_IMAGE_PIXELS": 50_000_000,
    # Dotted path of a function that is given each stored file before anybody else gets it.
    "FILE_SCANNER": "",
    # Where addresses of files begin, such as "https://files.example"; without it, on our own host.
    "FILE_ORIGIN": "",
    # Whether who sends a ticket gets a mail that it has arrived.
    "TICKET_RECEIPTS": False,
    # Whether the server fetches pages whose addresses visitors write, to say what stands there; and
    # how many new ones for one customer. Needs the extra ``previews``.
    "LINK_PREVIEWS": False,
    "PREVIEWS_PER_MINUTE": 10,
    # An agent whose console is closed, or whose worker died, is there for so long.
    "PRESENCE_SECONDS": 30,
    # Chats of a group that may wait while all its agents are busy.
    "QUEUE_LIMIT": 100,
    # A function of the site's, as a dotted path: given a customer whose chat asked for no group, it
    # gives the number of one, or None for the rules of the admin to decide.
    "CHOOSE_GROUP": "",
    # Minutes: until a chat that its agent does not answer goes to somebody else; until one in which
    # nobody writes is marked, and until it ends; until one ends whose visitor is gone.
    "UNANSWERED_MINUTES": 5,
    "IDLE_MINUTES": 30,
    "CLOSE_IDLE_MINUTES": 24 * 60,
    "CUSTOMER_GONE_MINUTES": 5,
    # How long our threads wait for a lock, and for a statement (PostgreSQL).
    "LOCK_TIMEOUT_MS": 2000,
    "STATEMENT_TIMEOUT_MS": 5000,
    # The channel layer that carries hints between processes; None for a single process.
    "CHANNEL_LAYER": "default",
    # How often each process looks for entries that no hint announced.
    "RECONCILE_SECONDS": 2.0,
    # Entries of the delivery log are kept this long; an older cursor starts afresh.
    "ENTRY_RETENTION_DAYS": 30,
    # The bearer token by which Prometheus reads the metrics; without one nobody can.
    "METRICS_TOKEN": "",
    # Run the timed jobs inside the server; otherwise run ``manage.py livechat_tick``.
    "IN_PROCESS_TICKER": True,
}


class Settings:
    """Attribute access to ``LIVECHAT`` with its defaults; a misspelt name raises."""

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(f"LIVECHAT has no setting {name!r}")
        value = getattr(django_settings, "LIVECHAT", {}).get(name, DEFAULTS[name])
        self.__dict__[name] = value  # read on hot paths: look it up once
        return value

    def forget(self, *, setting: str, **_: Any) -> None:
        if setting == "LIVECHAT":
            self.__dict__.clear()


settings = Settings()
setting_changed.connect(settings.forget)
