"""What stands behind a link (Customer Chat API: get_url_info)."""

from msgspec import UNSET, Struct, UnsetType

from ...domain import previews
from ...protocol.fields import Url
from ..registry import Answer, Caller
from .registry import ACTIONS


class GetUrlInfo(Struct):
    """What a page says of itself, fetched by the server; off unless LINK_PREVIEWS is set."""

    url: Url


class UrlInfo(Struct):
    """``image_url`` has no scheme, which clients put before it; ``image_original_url`` is whole."""

    url: str
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    image_url: str | UnsetType = UNSET
    image_original_url: str | UnsetType = UNSET
    image_width: int | UnsetType = UNSET
    image_height: int | UnsetType = UNSET


@ACTIONS.action
def get_url_info(caller: Caller, request: GetUrlInfo) -> Answer[UrlInfo]:
    found = previews.find(caller.customer, request.url)
    return Answer(
        UrlInfo(
            url=request.url,
            title=found.title or UNSET,
            description=found.description or UNSET,
            image_url=found.image_url.partition("://")[2] or UNSET,
            image_original_url=found.image_url or UNSET,
            image_width=found.image_width or UNSET,
            image_height=found.image_height or UNSET,
        )
    )
