"""gunicorn as the units and the container start it; the environment says what differs."""

import ctypes
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "2"))
threads = int(os.environ.get("THREADS", "4"))
timeout = 60
graceful_timeout = 30
# Memory that an extension lost comes back; workers do not all go at once. Seldom, for a new worker
# takes as long as 3,000 answers that are told again.
max_requests, max_requests_jitter = 100_000, 10_000
loglevel = "warning"
# Nobody steers it but the unit.
control_socket_disable = True
# The site writes a line for each request itself, without the reader's address.
accesslog = None

# Else each thread keeps memory of its own, and of its first large file some 4 MB (decision 0044).
# The number stands in malloc.h of GNU's C library; another one has no such choice.
M_ARENA_MAX = -8
with suppress(AttributeError, OSError):
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def on_starting(server: Any) -> None:
    """Figures of workers that are gone are not added to those of the new ones."""
    if place := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(place, ignore_errors=True)
        Path(place).mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
