"""The body of a request, never more of it than is taken at all."""

from django.http import HttpRequest, UnreadablePostError

from ..conf import settings
from ..errors import EntityTooLarge, ValidationFailed


def read_body(request: HttpRequest) -> bytes:
    """Of a body that is too large no more is read than shows that it is."""
    most = settings.MAX_FRAME_BYTES
    try:
        body: bytes = request.read(most + 1)
    except UnreadablePostError as error:
        raise ValidationFailed("The body ended before it was whole.") from error
    if len(body) > most:
        raise EntityTooLarge(f"A body has at most {most} bytes.")
    return body
