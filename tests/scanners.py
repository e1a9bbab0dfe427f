"""Scanners of files, for servers that tests start."""

from threading import Event

from livechat_widget.models import File


def never_end(file: File) -> None:
    """Until the process is killed."""
    Event().wait()
