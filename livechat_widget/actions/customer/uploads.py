"""Uploading a file, which an event then sends (Customer Chat API: files)."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from ...domain import files, uploads
from ..registry import Answer, Caller
from .registry import UPLOADS


class UploadFile(Struct):
    """A file to be sent in an event: the one file of a form (``multipart/form-data``), whatever its
    part is called.

    What it is is found in its bytes; the name gets an ending that fits. Pictures are turned upright
    and freed of what cameras write into them. Unless an event sends it, it is gone after 24 hours.
    """

    # A function that receives it, once it is known that it may come.
    file: Annotated[Any, Meta(extra_json_schema={"type": "string", "format": "binary"})]


class FileUploaded(Struct):
    """``url`` is for ``send_event`` of the uploader, and opens the file for 24 hours."""

    url: str


@UPLOADS.action
def upload_file(caller: Caller, request: UploadFile) -> Answer[FileUploaded]:
    uploads.check_limits(caller.customer)
    with request.file() as received:
        file = uploads.take(caller.customer, received.file, received.name)
    return Answer(FileUploaded(files.address(file, caller.site)))
