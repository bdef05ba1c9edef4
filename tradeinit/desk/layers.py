"""Django's layers that know who asks, for the desk alone.

A public page asks nobody who they are, sets no cookie and takes no form, so they have nothing to
do there.
"""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from tradeinit.middleware import PRIVATE_PREFIX


class AtTheDesk(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> Any:
        if request.path.startswith(PRIVATE_PREFIX):
            return super().__call__(request)
        return self.get_response(request)


class Sessions(AtTheDesk, SessionMiddleware):
    pass


class Authentication(AtTheDesk, AuthenticationMiddleware):
    pass


class Messages(AtTheDesk, MessageMiddleware):
    pass
