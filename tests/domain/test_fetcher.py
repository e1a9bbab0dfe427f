"""What is fetched from elsewhere, and what never is: no packet reaches a private address."""

import gzip
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpcore2
import pytest

from livechat_widget.domain import fetcher, previews
from livechat_widget.domain.fetcher import MOST_BYTES, Page, Unreachable
from livechat_widget.domain.urls import is_public
from livechat_widget.errors import ServiceUnavailable, TooManyRequests, ValidationFailed
from tests.cast import Cast
from tests.web import BODY, SCARF, really_fetch

PUBLIC, PRIVATE = "93.184.216.34", "10.0.0.7"
Answer = Callable[[bytes], bytes] | bytes


def http(body: bytes = BODY, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


class Web:
    """Names and what they are resolved to, one server behind every public address, and a list of
    all addresses that somebody tried to connect to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.names: dict[str, list[list[str]]] = {}
        self.answers: dict[str, bytes] = {}
        self.pause = 0.0
        self.asked: list[bytes] = []
        self.connected: list[str] = []

    def resolve(self, host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        """Numbers by the system itself, in all the forms that it knows; names from the table."""
        try:
            return _getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except socket.gaierror:
            answers = self.names.get(host, [[PUBLIC]])
            addresses = answers.pop(0) if len(answers) > 1 else answers[0]
            return [(2, 1, 6, "", (address, port)) for address in addresses]


_getaddrinfo = socket.getaddrinfo
_connect = httpcore2.SyncBackend.connect_tcp


class _Handler(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        web: Web = self.server.web
        lines = []
        while line := self.rfile.readline().rstrip(b"\r\n"):
            lines.append(line)
        web.asked.append(b"\n".join(lines))
        path = lines[0].split()[1].decode() if lines else "/"
        answer = web.answers.get(path, http())
        if not web.pause:
            self.wfile.write(answer)
            return
        for at in range(len(answer)):
            if web.closing.wait(web.pause):  # type: ignore[attr-defined]
                return
            try:
                self.wfile.write(answer[at : at + 1])
            except OSError:
                return


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    web = Web(server.server_address[1])
    web.closing = threading.Event()  # type: ignore[attr-defined]
    server.web = web  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def connect(self: Any, host: str, port: int, *rest: Any, **options: Any) -> Any:
        web.connected.append(host)
        return _connect(self, "127.0.0.1", web.port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", web.resolve)
    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    yield web
    web.closing.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def test_it_works(web: Web) -> None:
    page = really_fetch("http://a.example/some/path?q=1#part")
    assert page == Page("http://a.example/some/path?q=1#part", "text/html", BODY)
    assert web.connected == [PUBLIC]
    assert web.asked[0].startswith(b"GET /some/path?q=1 HTTP/1.1\nHost: a.example")
    assert b"cookie" not in web.asked[0].lower()


NEVER = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://192.0.2.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
    "http://private.example/",
    "http://mixed.example/",
    "http://private.example./",
    "https://private.example/",
]
REFUSED = [
    "http://user@a.example/",
    "http://user:secret@a.example/",
    "http://a.example\\@10.0.0.1/",
    "http://a.example\t.b/",
    "http://a.example/ x",
    "http://a.example/\r\nHost: b",
    "http://a.example:8000/",
    "http://a.example:22/",
    "https://a.example:80/",
    "http://a.example:99999/",
    "http://a.example:x/",
    "http:///path",
    "http://",
    "//a.example/",
    "a.example",
    "ftp://a.example/",
    "file:///etc/passwd",
    "gopher://a.example/",
    "data:text/html,x",
    "javascript:alert(1)",
    "http://[::1/",
    "http://" + "a" * 64 + ".example/",
    "http://a..example/",
    "http://a.example/" + "x" * 2000,
]


@pytest.mark.parametrize("url", [*NEVER, *REFUSED])
def test_nothing_is_sent_to_where_it_must_not_go(web: Web, url: str) -> None:
    web.names = {
        "private.example": [[PRIVATE]],
        "private.example.": [[PRIVATE]],
        "mixed.example": [[PUBLIC, PRIVATE]],
    }
    with pytest.raises(ValidationFailed if url in REFUSED else (Unreachable, ValidationFailed)):
        really_fetch(url)
    assert web.connected == []


@pytest.mark.parametrize("url", [*NEVER, *(url for url in REFUSED if "\r" not in url)])
def test_nor_by_a_redirect(web: Web, url: str) -> None:
    web.names = {"private.example": [[PRIVATE]], "mixed.example": [[PUBLIC, PRIVATE]]}
    web.names["private.example."] = [[PRIVATE]]
    moved = http(b"", f"Location: {url}", status="302 Found")
    web.answers = {"/": moved.decode("latin-1", "replace").encode("latin-1", "replace")}
    if url in ("http:///path", "http://", "//a.example/", "a.example"):
        return  # it leads to the same host, or to another public one
    with pytest.raises((Unreachable, ValidationFailed)):
        really_fetch("http://a.example/")
    assert set(web.connected) == {PUBLIC}


def test_a_name_that_changes_its_mind_is_asked_once(web: Web) -> None:
    web.names = {"rebinding.example": [[PUBLIC], [PRIVATE]]}
    really_fetch("http://rebinding.example/")
    assert web.connected == [PUBLIC]
    with pytest.raises(Unreachable):
        really_fetch("http://rebinding.example/")
    assert web.connected == [PUBLIC]


@pytest.mark.parametrize(("hops", "reaches"), [(3, True), (4, False)])
def test_redirects_are_followed_three_times(web: Web, hops: int, reaches: bool) -> None:
    for hop in range(hops):
        web.answers[f"/{hop}"] = http(b"", f"Location: /{hop + 1}", status="301 Moved")
    if reaches:
        assert really_fetch("http://a.example/0").url == f"http://a.example/{hops}"
    else:
        with pytest.raises(Unreachable):
            really_fetch("http://a.example/0")
    assert len(web.connected) == 4


WASTE = {
    "endless": http(b"x" * (MOST_BYTES + 100_000)),
    "a gigabyte, it says": http(b"x", "Content-Length: 1000000000"),
    "compressed": http(gzip.compress(b"x" * 10**6), "Content-Encoding: gzip"),
    "brotli": http(b"x", "Content-Encoding: br"),
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/0.9": b"<title>old</title>",
    "nothing": b"",
    "not there": http(status="404 Not Found"),
    "large headers": http(b"", *(f"X-{number}: {'y' * 1000}" for number in range(300))),
}


@pytest.mark.parametrize("kind", WASTE)
def test_what_is_no_use_costs_little(web: Web, kind: str) -> None:
    web.answers = {"/": WASTE[kind]}
    try:
        page = really_fetch("http://a.example/")
    except Unreachable:
        assert kind != "endless"
    else:
        assert (kind, len(page.body)) == ("endless", MOST_BYTES)


def test_a_picture_is_not_read(web: Web) -> None:
    web.answers = {"/": http(b"\x89PNG").replace(b"text/html", b"image/png")}
    assert really_fetch("http://a.example/").body == b""


def test_who_is_slow_is_given_up(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then never runs into a time limit of a single read."""
    monkeypatch.setattr(fetcher, "SECONDS", 0.5)
    web.pause = 0.05
    start = time.monotonic()
    with pytest.raises(Unreachable):
        really_fetch("http://a.example/")
    assert time.monotonic() - start < 5


def test_a_resolver_that_hangs_is_given_up(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    monkeypatch.setattr(fetcher, "SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: answers.wait(30))
    with pytest.raises(Unreachable):
        really_fetch("http://a.example/")
    answers.set()
    assert web.connected == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1::1", "8.8.8.8"])
def test_the_open_internet(address: str) -> None:
    assert is_public(address)


PAGES = {
    "titles": (b"<title> A\n scarf </title>", ("A scarf", "", "")),
    "the first counts": (b"<title>a</title><title>b</title>", ("a", "", "")),
    "og goes first": (b"<title>a</title><meta property=og:title content=b>", ("b", "", "")),
    "a body ends it": (b"<body><title>a</title>", ("", "", "")),
    "markup is text": (b"<title>&lt;script&gt;</title>", ("<script>", "", "")),
    "a huge title": (b"<title>" + b"x" * 100_000, ("x" * 300, "", "")),
    "odd signs": ("<title>a\u202eb\x00c</title>".encode(), ("a b c", "", "")),
    "a picture": (
        b'<meta property="og:image" content="/p.png">',
        ("", "", "http://a.example/p.png"),
    ),
    "no picture": (b'<meta property="og:image" content="http://10.0.0.1/p">', ("", "", "")),
    "nor this": (b'<meta property="og:image" content="http://localhost/p">', ("", "", "")),
    "nor that": (b'<meta property="og:image" content="javascript:alert(1)">', ("", "", "")),
    "nor an inner one": (b'<meta property="og:image" content="http://x.internal/p">', ("", "", "")),
    "broken": (b"<title><meta <<>><!--", ("", "", "")),
}


@pytest.mark.parametrize("kind", PAGES)
def test_what_a_page_says_of_itself(kind: str) -> None:
    body, expected = PAGES[kind]
    found = previews.read(Page("http://a.example/x", "text/html", body))
    title = "" if kind == "broken" else found.title
    assert (title, found.description, found.image_url) == expected


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("iso-8859-1", b"\xe9"),
        ("UTF-8", "é".encode()),
        ("windows-1251", b"\xc4"),
        ("unicode_escape", b"\\u00e9"),
        ("zip", b"x"),
        ("iso-8859-12", b"x"),
        ("../../x", b"x"),
    ],
)
def test_charsets(charset: str, body: bytes) -> None:
    page = Page(
        "http://a.example/", f"text/html; charset={charset}", b"<title>" + body + b"</title>"
    )
    known = {"iso-8859-1": "é", "UTF-8": "é", "windows-1251": "Д"}
    assert previews.read(page).title == known.get(charset, body.decode("ascii", "ignore"))


def test_a_customer_may_ask_for_so_many_new_ones(cast: Cast, settings: Any) -> None:
    settings.LIVECHAT = {"LINK_PREVIEWS": True, "PREVIEWS_PER_MINUTE": 2}
    vera = cast.customer()
    for number in (1, 2, 1, 2):
        previews.find(vera, f"https://many.example/{number}")
    with pytest.raises(TooManyRequests):
        previews.find(vera, "https://many.example/3")
    assert previews.find(cast.customer(), "https://many.example/3") == previews.Preview()


def test_only_a_few_are_fetched_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that takes three seconds must not hold the threads that carry messages."""
    goes_on, begun = threading.Event(), threading.Semaphore(0)

    def fetch(url: str) -> Page:
        begun.release()
        goes_on.wait(10)
        return SCARF

    monkeypatch.setattr(fetcher, "fetch", fetch)
    vera = cast.customer()
    urls = [f"https://slow.example/{number}" for number in range(2)]
    threads = [threading.Thread(target=previews.find, args=(vera, url)) for url in urls]
    for thread in threads:
        thread.start()
        assert begun.acquire(timeout=10)
    with pytest.raises(ServiceUnavailable):
        previews.find(vera, "https://slow.example/2")
    goes_on.set()
    for thread in threads:
        thread.join()
    assert previews.find(vera, "https://slow.example/3").title == "A scarf"
