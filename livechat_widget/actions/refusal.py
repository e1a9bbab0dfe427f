"""What a client is told when its request could not be carried out."""

import logging

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError

from ..errors import Internal, LivechatError, ServiceUnavailable, ValidationFailed

logger = logging.getLogger("livechat_widget.actions")

RETRY_AFTER_MS = 1000


def refusal_of(error: Exception) -> LivechatError:
    """What the client cannot mend becomes an answer that says so."""
    if isinstance(error, LivechatError):
        return error
    if isinstance(error, SuspiciousOperation):  # such as more fields than Django takes
        return ValidationFailed(f"The request is malformed: {type(error).__name__}.")
    if isinstance(error, OperationalError):
        logger.warning("The database did not answer: %s", error)
        return too_busy()
    logger.error("A request failed", exc_info=error)
    return Internal()


def too_busy() -> ServiceUnavailable:
    return ServiceUnavailable(data={"retry_after_ms": RETRY_AFTER_MS})
