from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate


class TradeInitConfig(AppConfig):
    """The kernel: publication, lists, formats. It knows no other app."""

    name = "tradeinit"
    verbose_name = "TradeInit"

    def ready(self) -> None:
        from tradeinit.desk import permissions, sessions
        from tradeinit.publication import gate, triggers
        from tradeinit.search import index

        gate.watch_signals()
        user_logged_in.connect(sessions.begin)
        post_migrate.connect(triggers.install_after_migrate, sender=self)
        post_migrate.connect(index.install_after_migrate, sender=self)
        post_migrate.connect(permissions.make_groups, sender=self)


class DeskConfig(AdminConfig):
    default_site = "tradeinit.desk.site.Desk"
