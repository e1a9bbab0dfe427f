"""What everybody may know of an organization (Customer Chat API: configuration), by GET."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from ...domain import configuration, phrases
from ...errors import ValidationFailed
from ...origins import is_trusted, origin_of
from ...protocol.fields import Text, Url
from ..registry import Answer, Onlooker
from .registry import READS

# Answers that are asked for by their version never change.
_YEAR_SECONDS = 31_536_000


class GetDynamicConfiguration(Struct):
    """``url`` is the page that is to show the chat; an unknown group stands for the general one."""

    group_id: int | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    channel_type: Text | UnsetType = UNSET
    test: Text | UnsetType = UNSET


@READS.action
def get_dynamic_configuration(onlooker: Onlooker, request: GetDynamicConfiguration) -> Answer:
    organization = onlooker.organization
    origin = origin_of(request.url) if request.url else ""
    allowed = is_trusted(origin, onlooker.host, organization.trusted_origins)
    now = configuration.describe_now(organization, request.group_id or None, onlooker.language)
    return Answer({**now, "domain_allowed": allowed})


class GetConfiguration(Struct):
    group_id: int
    version: Text


@READS.action
def get_configuration(onlooker: Onlooker, request: GetConfiguration) -> Answer:
    return _keep(configuration.describe(onlooker.organization, request.group_id), request.version)


class GetLocalization(Struct):
    """The phrases are the same for every group."""

    group_id: int
    language: Text
    version: Text


@READS.action
def get_localization(onlooker: Onlooker, request: GetLocalization) -> Answer:
    try:
        return _keep(phrases.list_phrases(request.language), request.version)
    except LookupError as error:
        raise ValidationFailed(
            "language: a code such as en, of a language of this site."
        ) from error


def _keep(answer: dict[str, Any], version: str) -> Answer:
    """Caches may keep what was asked for by its version, and nothing under any other."""
    fresh = version == configuration.version_of(answer)
    return Answer(answer, keep_seconds=_YEAR_SECONDS if fresh else 0)
