"""The first conversation of docs/protocol.md, word for word, by somebody who has nothing else."""

import json
import re
from urllib.request import Request, urlopen

from livechat_widget.models import Event
from tests.cast import Cast
from tests.clients import Client
from tests.servers import ROOT, Server


def test_it_works(server: Server, live_cast: Cast) -> None:
    organization = live_cast.organization.organization_id
    said = _section().replace('"organization_id": "…"', f'"organization_id": "{organization}"')
    address, body = re.findall(r"POST (\S+) +(\{.*\})", said)[0]
    with urlopen(Request(f"{server.url}{address}", body.encode())) as response:
        token = json.load(response)["access_token"]
    address = re.findall(r"GET +(\S+)…", said)[0]
    frames = re.findall(r"→  (\{.*?\})\n(?=\n|    →)", said, re.S)
    chat = ""
    with Client(f"{server.socket_url}{address}{organization}") as client:
        for frame in frames:
            known = frame.replace("<access_token>", token).replace("<chat_id of the answer>", chat)
            asked = json.loads(known)
            chat = client.ask_ok(asked["action"], asked["payload"]).get("chat_id", chat)
        live_cast.reply(live_cast.organization.chats.get(pk=chat), "Good day")
        client.wait(
            lambda frame: frame.get("payload", {}).get("event", {}).get("text") == "Good day"
        )
    texts = [row.content["text"] for row in Event.objects.filter(chat=chat).order_by("created_at")]
    assert texts == ["Hello", "Anybody there?", "Good day"]


def _section() -> str:
    text = (ROOT / "docs/protocol.md").read_text()
    return text.split("## A first conversation\n")[1].split("\n## ")[0]
