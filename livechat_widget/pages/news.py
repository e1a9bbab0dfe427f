"""For pages without a socket: what is new, as the frames that a socket would have brought."""

import json
import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from ..delivery import encode
from ..delivery.encode import Encoding
from ..delivery.epoch import read_epoch
from ..domain import login
from ..errors import ValidationFailed
from .acts import answer, read_customer


def answer_news(request: HttpRequest, encoding: Encoding) -> HttpResponseBase:
    """``{"epoch", "seq", "pushes"}``, or ``{"reset": true}`` where the cursor is of no use."""

    def work() -> HttpResponse:
        customer = read_customer(request)
        after = request.GET.get("after", "")
        if not re.fullmatch(r"[0-9]{1,18}", after):
            raise ValidationFailed("after: the last number that you hold is needed.")
        epoch = read_epoch()
        if request.GET.get("epoch") != epoch or not login.can_resume(customer, int(after)):
            return _json(b'{"reset":true}')
        items = encode.read(customer.stream.pk, encoding.view, int(after), {encoding}).items
        seq = items[-1].number(encoding.view) if items else int(after)
        return _json(join_frames(items, encoding, {"epoch": epoch, "seq": seq}))

    return answer(request, work, method="GET")


def join_frames(items: list[encode.Item], encoding: Encoding, head: dict[str, object]) -> bytes:
    """One JSON object around frames that are encoded already."""
    frames = [item.frames[encoding] for item in items if encoding in item.frames]
    start = json.dumps(head).encode()[:-1]
    return start + b',"pushes":[' + b",".join(frames) + b"]}"


def _json(body: bytes) -> HttpResponse:
    return HttpResponse(
        body, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
