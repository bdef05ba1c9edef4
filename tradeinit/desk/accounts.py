"""Staff accounts and groups, managed at the desk."""

from typing import Any

from allauth.account import admin as account_admin
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpRequest

# Imported here, so that they register now and not after this.
REGISTERED = (account_admin, mfa_admin)
# The package that signs staff in has pages of its own; its tables are for nobody to edit.
admin.site.unregister([User, Group, EmailAddress, Authenticator])


@admin.register(User)
class StaffAdmin(UserAdmin):
    """What somebody may do comes from groups alone, so that it can be read in one place."""

    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who it is", {"fields": ("first_name", "last_name", "email")}),
        ("What they may", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("When", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),
        ("What they may", {"fields": ("is_staff", "groups")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active")
    list_filter = ("is_active", "is_staff", "groups")
    actions = ("forget_second_factor",)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.action(description="Forget the second factor (device lost)", permissions=["change"])
    def forget_second_factor(self, request: HttpRequest, queryset: Any) -> None:
        for user in queryset:
            Authenticator.objects.filter(user=user).delete()
            self.log_change(request, user, "Second factor forgotten.")
        self.message_user(
            request, "Forgotten: they set up a new one when they next sign in.", messages.SUCCESS
        )


@admin.register(Group)
class StaffGroupAdmin(GroupAdmin):
    filter_horizontal = ()
    autocomplete_fields = ("permissions",)


@admin.register(Permission)
class PermissionAdmin(admin.ModelAdmin):
    """Only to be found from a group: a release makes them, not staff."""

    search_fields = ("name", "codename")
    ordering = ("content_type__app_label", "codename")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
