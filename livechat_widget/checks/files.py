"""What uploads need: a place, Pillow, a scanner that can be found."""

from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.files.storage import FileSystemStorage, storages
from django.utils.module_loading import import_string

from ..domain.file_types import IMAGES, TYPES
from ..domain.images import can_measure
from ..origins import is_origin
from .options import TAG, value_of


@register(TAG)
def check_storage(**_: Any) -> list[CheckMessage]:
    alias = value_of("FILE_STORAGE")
    if not alias or alias in django_settings.STORAGES:
        return []
    return [
        Error(
            f'LIVECHAT["FILE_STORAGE"] is {alias!r}, which STORAGES does not have.',
            hint=f"Take one of these, or add it there: {', '.join(django_settings.STORAGES)}.",
            id="livechat_widget.E060",
        )
    ]


@register(TAG)
def check_folder(**_: Any) -> list[CheckMessage]:
    alias = value_of("FILE_STORAGE")
    if alias not in django_settings.STORAGES:
        return []
    storage = storages[alias]
    if not isinstance(storage, FileSystemStorage) or storage.base_location:
        return []
    return [
        Error(
            "Uploaded files would lie wherever the server is started: MEDIA_ROOT is empty.",
            hint='Set MEDIA_ROOT = BASE_DIR / "media", or OPTIONS["location"] of the storage.',
            id="livechat_widget.E061",
        )
    ]


@register(TAG)
def check_types(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f'LIVECHAT["FILE_TYPES"] holds {name!r}, which is never found.',
            hint=f"Take of these: {', '.join(sorted(TYPES))}.",
            id="livechat_widget.E062",
        )
        for name in value_of("FILE_TYPES")
        if name not in TYPES
    ]


@register(TAG)
def check_pillow(**_: Any) -> list[CheckMessage]:
    wanted = value_of("FILE_STORAGE") and IMAGES.keys() & set(value_of("FILE_TYPES"))
    if not wanted or can_measure():
        return []
    return [
        Warning(
            "Pillow is not installed, so no pictures are taken.",
            hint='Type pip install "pillow>=11", or take the images out of LIVECHAT["FILE_TYPES"].',
            id="livechat_widget.W063",
        )
    ]


@register(TAG)
def check_scanner(**_: Any) -> list[CheckMessage]:
    path = value_of("FILE_SCANNER")
    try:
        known = not path or callable(import_string(path))
    except ImportError:
        known = False
    if known:
        return []
    return [
        Error(
            f'LIVECHAT["FILE_SCANNER"] is {path!r}, where there is no function.',
            hint='Write its dotted path, such as "shop.scan.check"; until then no file is taken.',
            id="livechat_widget.E064",
        )
    ]


@register(TAG)
def check_origin(**_: Any) -> list[CheckMessage]:
    origin = value_of("FILE_ORIGIN")
    if not origin or (is_origin(origin) and "*" not in origin and origin[-1] != "/"):
        return []
    return [
        Error(
            f'LIVECHAT["FILE_ORIGIN"] is {origin!r}, which is not an origin.',
            hint='Write scheme and host and nothing after them: "https://files.example".',
            id="livechat_widget.E065",
        )
    ]
