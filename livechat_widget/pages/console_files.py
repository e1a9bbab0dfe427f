"""An agent's file: received, kept and sent in one request, whose body is the file itself."""

from django.http import HttpRequest, HttpResponse
from msgspec import Struct, ValidationError, convert

from ..domain import events, files, uploads
from ..errors import LivechatError, ValidationFailed
from ..models import Agent
from ..protocol.events import CustomId, NewFile
from ..protocol.fields import Name
from ..upload import receive_body
from .agent_doors import agent_door


class NewUpload(Struct):
    """In the query."""

    name: Name
    custom_id: CustomId


@agent_door("POST")
def send(request: HttpRequest, agent: Agent, chat_id: str) -> HttpResponse:
    """204; a second time with the same ``custom_id`` too. No form: Django would look into one for
    its CSRF token, and so receive it, before anybody could say how large it may be."""
    asked = _read(request)
    uploads.check_limits(agent)
    if not events.find_repeated(agent, [NewFile(url="", custom_id=asked.custom_id)]):
        with receive_body(request, asked.name) as received:
            file = uploads.take(agent, received.file, received.name)
        new = NewFile(url=files.address(file), custom_id=asked.custom_id)
        try:
            events.send(chat_id, agent, new)
        except LivechatError:
            files.remove([file])
            raise
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> NewUpload:
    if request.content_type != "application/octet-stream":
        raise ValidationFailed("Send the file alone, as application/octet-stream.")
    try:
        return convert(request.GET.dict(), NewUpload, strict=False)
    except ValidationError as error:
        raise ValidationFailed(f"query: {error}") from error
