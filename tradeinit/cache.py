"""A cache that several hosts share and that may die at any time: its errors are misses."""

import logging
from collections.abc import Callable
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After an error nothing is asked for so long: a frozen cache would cost each answer the time-out.
REST = 2.0


def disposable(method: Callable[..., Any], miss: Callable[..., Any]) -> Callable[..., Any]:
    """The method, or what a cache that holds nothing would answer."""

    @wraps(method)
    def answered(self: "DisposableRedisCache", *args: Any, **kwargs: Any) -> Any:
        if monotonic() >= self.asked_from:
            try:
                return method(self, *args, **kwargs)
            except (RedisError, OSError):
                self.rest()
        return miss(*args, **kwargs)

    return answered


class DisposableRedisCache(RedisCache):
    """Redis or Valkey, whose every failure reads as a cache that is empty and takes nothing in."""

    asked_from = 0.0
    _lock = Lock()

    @classmethod
    def rest(cls) -> None:
        with cls._lock:
            if monotonic() >= cls.asked_from:
                logger.warning("the cache did not answer; it rests")
            DisposableRedisCache.asked_from = monotonic() + REST

    get = disposable(RedisCache.get, lambda key, default=None, version=None: default)
    set = disposable(RedisCache.set, lambda *args, **kwargs: None)
    add = disposable(RedisCache.add, lambda *args, **kwargs: True)
    touch = disposable(RedisCache.touch, lambda *args, **kwargs: False)
    delete = disposable(RedisCache.delete, lambda *args, **kwargs: False)
    get_many = disposable(RedisCache.get_many, lambda *args, **kwargs: {})
    set_many = disposable(RedisCache.set_many, lambda data, *args, **kwargs: [])
    delete_many = disposable(RedisCache.delete_many, lambda *args, **kwargs: None)
    has_key = disposable(RedisCache.has_key, lambda *args, **kwargs: False)
    incr = disposable(RedisCache.incr, lambda key, delta=1, version=None: delta)
    clear = disposable(RedisCache.clear, lambda: False)
