"""Identifiers as they stand on the wire."""

import secrets
import time
import uuid

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def draw_id() -> str:
    """Ten capitals and digits: 50 random bits for a chat or a thread."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def draw_public_id() -> str:
    """32 hexadecimal digits: how customers know an agent, whose e-mail they never see."""
    return secrets.token_hex(16)


def draw_event_id() -> uuid.UUID:
    """A UUID of version 7: the leading clock keeps the index of a busy table compact."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=value | (7 << 76) | (2 << 62))


def draw_license_id() -> int:
    """A nine-digit number, so never 1520, which published clients take for a staging host."""
    return 100_000_000 + secrets.randbelow(900_000_000)


def draw_secret() -> str:
    """256 random bits, as text."""
    return secrets.token_urlsafe(32)
