from typing import Any


def header(scope: Any, name: bytes) -> str:
    """A header of a handshake, empty when it is not there; ``name`` in lower case."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
