"""How often something happened within a minute, by the site's cache."""

from django.core.cache import cache

_MINUTE = 60


def count(key: str) -> int:
    """This time included; 1 where the cache keeps nothing."""
    cache.add(key, 0, _MINUTE)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out meanwhile, or the site's cache keeps nothing
        return 1
