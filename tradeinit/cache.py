"""A cache that hosts share and that may die at any time: then each process keeps its own."""

import logging
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After an error nothing is asked for so long: a frozen cache would cost each answer the time-out.
REST = 2.0


def disposable(name: str) -> Callable[..., Any]:
    """The method of that name, of the shared cache while it answers and else of our own."""
    shared: Callable[..., Any] = getattr(RedisCache, name)

    def answered(self: "DisposableRedisCache", *args: Any, **kwargs: Any) -> Any:
        if not self.rests():
            try:
                return shared(self, *args, **kwargs)
            except (RedisError, OSError):
                self.rest()
        return getattr(self.own, name)(*args, **kwargs)

    return answered


class DisposableRedisCache(RedisCache):
    """Redis or Valkey, or this process's memory while that is away.

    Whatever is kept has its whole state in its key, so that neither can be out of date.
    """

    asked_from = 0.0
    _lock = Lock()

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.own = LocMemCache("while the shared cache is away", {})

    @classmethod
    def rests(cls) -> bool:
        return monotonic() < cls.asked_from

    @classmethod
    def rest(cls) -> None:
        with cls._lock:
            if not cls.rests():
                logger.warning("the cache did not answer; it rests")
            DisposableRedisCache.asked_from = monotonic() + REST

    get = disposable("get")
    set = disposable("set")
    add = disposable("add")
    touch = disposable("touch")
    delete = disposable("delete")
    get_many = disposable("get_many")
    set_many = disposable("set_many")
    delete_many = disposable("delete_many")
    has_key = disposable("has_key")
    incr = disposable("incr")
    clear = disposable("clear")
