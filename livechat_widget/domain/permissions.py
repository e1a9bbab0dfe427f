"""Who holds a permission, asked for many users at once."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_backends, get_user_model
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.models import PermissionsMixin

_DECISIONS = (
    "has_perm",
    "get_all_permissions",
    "get_group_permissions",
    "get_user_permissions",
    "_get_permissions",
    "_get_group_permissions",
    "_get_user_permissions",
)


def holders(permission: str, users: Collection[Any]) -> set[Any]:
    """The ids of those who have it: one query, or one by one where the host decides in its way."""
    if not _is_left_to_django():
        return {user.pk for user in users if user.has_perm(permission)}
    found = ModelBackend().with_perm(permission).filter(pk__in=[user.pk for user in users])
    return set(found.values_list("pk", flat=True))


def _is_left_to_django() -> bool:
    backends = get_backends()
    return (
        getattr(get_user_model(), "has_perm", None) is PermissionsMixin.has_perm
        and any(isinstance(backend, ModelBackend) for backend in backends)
        and all(_decides_as_django(type(backend)) for backend in backends)
    )


def _decides_as_django(backend: type) -> bool:
    """As the model backend does, or never in favour, as those do that only know who somebody is."""
    return all(
        getattr(backend, name, None)
        in (getattr(ModelBackend, name), getattr(BaseBackend, name, None), None)
        for name in _DECISIONS
    )
