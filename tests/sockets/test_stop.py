"""A planned stop: everybody is told, what is under way is answered, nobody sees a crash."""

import pytest
from websockets.exceptions import ConnectionClosed

from livechat_widget.models import Event
from tests.cast import Cast
from tests.clients import customer_client
from tests.servers import Kind, start_server
from tests.sockets.messages import message


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
def test_it_says_goodbye_answers_and_closes(live_cast: Cast, kind: Kind) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    with start_server(kind) as server, customer_client(server, live_cast, customer) as vera:
        asked = [
            vera.send("send_event", {"chat_id": chat.pk, "event": message(f"{number}")})
            for number in range(5)
        ]
        vera.wait(lambda frame: frame.get("request_id") == asked[0])
        server.process.terminate()
        assert vera.push("goodbye")["payload"]["reconnect_after_ms"] > 0
        with pytest.raises(ConnectionClosed) as closing:
            vera.wait(lambda frame: False)
        assert closing.value.rcvd is not None
        assert closing.value.rcvd.code == 4012
        assert server.process.wait(10) is not None
        answered = {frame["request_id"] for frame in vera.frames if frame["type"] == "response"}
        stored = Event.objects.filter(chat=chat, author=customer.author_id).count() - 1
        assert stored == len(answered.intersection(asked))
        assert "Traceback" not in server.log()
