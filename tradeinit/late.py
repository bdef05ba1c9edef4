"""Packages that few workers ever use; each is loaded when something of it is first asked for.

To load them takes a tenth of a worker's start and of its memory.
"""

from importlib import import_module
from typing import Any


class Package:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


openpyxl = Package("openpyxl")
snowballstemmer = Package("snowballstemmer")
