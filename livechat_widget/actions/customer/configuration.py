"""What everybody may know of an organization (Customer Chat API: configuration), by GET."""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs

from ...domain import configuration, phrases
from ...errors import ValidationFailed
from ...origins import is_trusted, origin_of
from ...protocol.fields import Properties, Text, Url
from ...protocol.forms import GroupForm
from ..registry import Answer, Onlooker
from .registry import READS

# Visitors may write, or fill in the ticket form, or there is nothing for them.
WhenOffline = Literal["message", "ticket", "hide"]
# Answers that are asked for by their version never change.
_YEAR_SECONDS = 31_536_000


class GetDynamicConfiguration(Struct):
    """How things stand now. ``url`` is the page that is to show the chat.

    An unknown group stands for the general one.
    """

    group_id: int | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    channel_type: Text | UnsetType = UNSET
    test: Text | UnsetType = UNSET


class LiveChat(Struct, kw_only=True):
    """How things stand. ``domain_allowed`` is of the page ``url``; without one, of the site itself.

    There is no limit to clients. Without ``online_group_ids`` nobody is there; ``when_offline`` is
    ours, and says what the group wants then. The two versions are
    those to ask for the rest by.
    """

    group_id: int
    client_limit_exceeded: bool
    domain_allowed: bool
    online_group_ids: list[int] | UnsetType = UNSET
    when_offline: WhenOffline
    config_version: str
    localization_version: str
    language: str


class DynamicConfiguration(Struct, kw_only=True):
    """``livechat``, or what is in it, as the version has it."""

    organization_id: str | UnsetType = UNSET
    default_widget: Literal["livechat"] | UnsetType = UNSET
    livechat_active: bool | UnsetType = UNSET
    livechat: LiveChat | UnsetType = UNSET
    group_id: int | UnsetType = UNSET
    client_limit_exceeded: bool | UnsetType = UNSET
    domain_allowed: bool | UnsetType = UNSET
    online_group_ids: list[int] | UnsetType = UNSET
    when_offline: WhenOffline | UnsetType = UNSET
    config_version: str | UnsetType = UNSET
    localization_version: str | UnsetType = UNSET
    language: str | UnsetType = UNSET


@READS.action
def get_dynamic_configuration(
    onlooker: Onlooker, request: GetDynamicConfiguration
) -> Answer[DynamicConfiguration]:
    organization = onlooker.organization
    origin = origin_of(request.url) if request.url else ""
    allowed = is_trusted(origin, onlooker.host, organization)
    now = configuration.describe_now(organization, request.group_id or None, onlooker.language)
    livechat = LiveChat(**now, domain_allowed=allowed)
    return Answer(
        DynamicConfiguration(
            organization_id=str(organization.organization_id),
            default_widget="livechat",
            livechat_active=True,
            livechat=livechat,
            **structs.asdict(livechat),
        )
    )


class GetConfiguration(Struct):
    """How the chat of a group is set up.

    ``version``: the config_version of the dynamic configuration.
    """

    group_id: int
    version: Text


class SiteProperties(Struct):
    """Of the group and the license: those that customers may read."""

    group: Properties
    license: Properties


class Configuration(Struct):
    """There are neither buttons nor integrations yet; of the forms, those that are enabled."""

    buttons: list[Any]
    integrations: dict[str, Any]
    properties: SiteProperties
    prechat_form: GroupForm | UnsetType = UNSET
    ticket_form: GroupForm | UnsetType = UNSET


@READS.action
def get_configuration(onlooker: Onlooker, request: GetConfiguration) -> Answer[Configuration]:
    found = configuration.describe(onlooker.organization, request.group_id)
    return Answer(
        msgspec.convert(found, Configuration), keep_seconds=_seconds(found, request.version)
    )


class GetLocalization(Struct):
    """What the widget says, by keys made of the English; the same for every group.

    ``version``: the localization_version of the dynamic configuration.
    """

    group_id: int
    language: Text
    version: Text


@READS.action
def get_localization(onlooker: Onlooker, request: GetLocalization) -> Answer[dict[str, str]]:
    try:
        found = phrases.list_phrases(request.language)
    except LookupError as error:
        raise ValidationFailed(
            "language: a code such as en, of a language of this site."
        ) from error
    return Answer(found, keep_seconds=_seconds(found, request.version))


def _seconds(answer: dict[str, Any], version: str) -> int:
    """Caches may keep what was asked for by its version, and nothing under any other."""
    return _YEAR_SECONDS if version == configuration.version_of(answer) else 0
