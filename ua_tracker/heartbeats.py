"""Who is alive: worker and timetable leave the time in the cache, pages and health checks read it."""

import logging
import time

from django.core.cache import cache

FRESH_SECONDS = 60

logger = logging.getLogger(__name__)


def beat(*names: str) -> None:
    for name in names:
        cache.set(f"heartbeat:{name}", time.time(), FRESH_SECONDS * 10)


def forget(*names: str) -> None:
    """What was heard before a start says nothing about it."""
    cache.delete_many([f"heartbeat:{name}" for name in names])


def is_alive(name: str) -> bool:
    """Whether `name` was heard of within the last minute. An unreachable cache counts as not alive."""
    try:
        heard = cache.get(f"heartbeat:{name}")
    except Exception:
        logger.warning("The cache cannot be reached, so nobody can be asked whether the %s is alive.", name)
        return False
    return isinstance(heard, float) and time.time() - heard < FRESH_SECONDS
