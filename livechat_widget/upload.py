"""The file of a request, received into a temporary file: neither held in memory, nor more of it
read than is taken at all. A temporary file has no name, so nothing remains of a killed process."""

from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, cast

from django.conf import settings as django_settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.http import parse_header_parameters

from .conf import settings
from .errors import EntityTooLarge, ValidationFailed

# What may stand around the file in a form.
_AROUND = 64 * 1024
_CHUNK = 64 * 1024
_TAIL = 1024
_CUT = "The body ended before it was whole; send it again."


class Received:
    """``file`` is gone when the block ends that this is used in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.size = 0
        self.file = TemporaryFile(dir=django_settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > settings.MAX_FILE_BYTES:
            raise EntityTooLarge(f"A file has at most {settings.MAX_FILE_BYTES} bytes.")
        self.file.write(data)

    def __enter__(self) -> "Received":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()


def receive_part(request: HttpRequest) -> Received:
    """The only file of a form (``multipart/form-data``), whatever its part is called."""
    body = _Body(request)
    part = _Part()
    try:
        MultiPartParser(_meta(request), cast(Any, body), [part]).parse()
    except UnreadablePostError as error:
        part.close()
        raise ValidationFailed(_CUT) from error
    except RequestDataTooBig as error:
        part.close()
        raise EntityTooLarge("Send the file alone: the other fields are too large.") from error
    except (MultiPartParserError, SuspiciousOperation) as error:
        part.close()
        raise ValidationFailed(f"No form with a file: {error}") from error
    except BaseException:
        part.close()
        raise
    if part.received is None:
        raise ValidationFailed("file: send a file, with its name, as multipart/form-data.")
    # A form that was cut looks whole to the parser, and its file shorter than it is.
    if body.boundary not in body.tail:
        part.close()
        raise ValidationFailed(_CUT)
    return part.received


def receive_body(request: HttpRequest, name: str) -> Received:
    """The whole body is the file."""
    body = _Body(request)
    received = Received(name)
    try:
        while data := body.read(_CHUNK):
            received.write(data)
    except UnreadablePostError as error:
        received.file.close()
        raise ValidationFailed(_CUT) from error
    except BaseException:
        received.file.close()
        raise
    if received.size < body.announced:
        received.file.close()
        raise ValidationFailed(_CUT)
    return received


class _Body:
    """What is read of a request, up to a limit; ``tail`` is the end of it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._read = 0
        self.tail = b""
        length = request.META.get("CONTENT_LENGTH") or "0"
        self.announced = int(length) if length.isdecimal() else 0
        self._check(self.announced)
        _, options = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
        self.boundary = f"--{options.get('boundary', '')}--".encode(errors="replace")

    def read(self, size: int) -> bytes:
        data: bytes = self._request.read(size)
        self._read += len(data)
        self._check(self._read)
        self.tail = (self.tail + data)[-_TAIL:]
        return data

    def _check(self, size: int) -> None:
        if size > settings.MAX_FILE_BYTES + _AROUND:
            raise EntityTooLarge(f"A file has at most {settings.MAX_FILE_BYTES} bytes.")


class _Part(FileUploadHandler):
    """Takes one file."""

    received: Received | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.received:
            raise ValidationFailed("file: one file at a time; upload each by itself.")
        self.received = Received(self.file_name or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.received:
            self.received.write(raw_data)

    def file_complete(self, file_size: int) -> None:
        """Nothing is to be put among the form's fields."""

    def close(self) -> None:
        if self.received:
            self.received.file.close()


def _meta(request: HttpRequest) -> dict[str, Any]:
    """A body that does not say its length is read as well; for the parser it would be empty."""
    return {"CONTENT_TYPE": request.META.get("CONTENT_TYPE", ""), "CONTENT_LENGTH": "1"}
