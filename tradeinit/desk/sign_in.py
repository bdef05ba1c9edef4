"""Who comes in: a password, a second factor for publishers, and not too many guesses."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from tradeinit import clock
from tradeinit.desk.models import FailedSignIn
from tradeinit.desk.permissions import may_publish
from tradeinit.desk.sessions import is_fresh
from tradeinit.throttling import address_of

# So many failures of one name, or from one address, within so long a time.
OF_A_NAME, FROM_AN_ADDRESS, WITHIN = 5, 50, timedelta(minutes=15)


class Backend(AuthenticationBackend):
    """Of allauth, with the permissions of somebody and of their groups in one question."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        asked = hasattr(user_obj, "_perm_cache") or user_obj.is_anonymous or obj is not None
        if not asked and user_obj.is_active and not user_obj.is_superuser:
            own, of_groups = user_obj.user_permissions, user_obj.groups
            found = Permission.objects.order_by().filter(
                Q(pk__in=own.values("pk")) | Q(group__in=of_groups.values("pk"))
            )
            names = found.values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{app}.{name}" for app, name in names}
        return super().get_all_permissions(user_obj, obj)


class SignInForm(LoginForm):
    """Of allauth, with the names of entries that the desk has always had."""

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix("username" if field_name == "login" else field_name)


class SignInView(LoginView):
    template_name = "admin/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Somebody who is no longer staff would be sent to and fro between here and the desk.
        if request.user.is_authenticated and not request.user.is_staff:
            logout(request)
        return super().dispatch(request, *args, **kwargs)


class AccountAdapter(DefaultAccountAdapter):
    """Staff accounts are made at the desk; failures are counted in the database.

    A cache may die, and each process may have its own; then a lock would not hold.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        if not settings.LIMIT_SIGN_IN:
            return
        recent = FailedSignIn.objects.filter(at__gt=clock.now() - WITHIN)
        name, address = self._counted(request, credentials)
        if (
            recent.filter(name=name).count() >= OF_A_NAME
            or recent.filter(address=address).count() >= FROM_AN_ADDRESS
        ):
            raise ValidationError(self.error_messages["too_many_login_attempts"])

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        if settings.LIMIT_SIGN_IN:
            name, address = self._counted(request, credentials)
            FailedSignIn.objects.filter(at__lte=clock.now() - WITHIN).delete()
            FailedSignIn.objects.create(name=name, address=address)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Who is no staff is told the same as who gives a wrong password."""
        user = super().authenticate(request, **credentials)
        if user is not None and not user.is_staff:
            self.authentication_failed(request, **credentials)
            return None
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A password given a minute ago, to come in, is as good as one given again."""
        return not is_fresh(context.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As for readers: else all who come through our proxy would be locked out for one."""
        return address_of(request) or super().get_client_ip(request)

    def _counted(self, request: HttpRequest, credentials: dict[str, Any]) -> tuple[str, str]:
        given = str(credentials.get("username") or credentials.get("email") or "").casefold()
        # Now and then somebody types the password where the name belongs: keep neither.
        name = hashlib.sha256(f"{settings.SECRET_KEY}{given}".encode()).hexdigest()
        return name, self.get_client_ip(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The secrets of one-time codes are of no use to who has only a copy of the database."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "TradeInit"


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(f"second factor {secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def lacks_a_second_factor(request: Any) -> bool:
    """Whether this one decides what the public reads, and came in by a password alone."""
    if not settings.REQUIRE_SECOND_FACTOR or not may_publish(request.user):
        return False
    methods = request.session.get("account_authentication_methods", ())
    if any(one.get("method") == "mfa" for one in methods):
        return False
    return not is_mfa_enabled(request.user)
