from django.apps import AppConfig


class MandatesConfig(AppConfig):
    name = "mandates"
    verbose_name = "Mandates"

    def ready(self) -> None:
        from mandates import serializers
        from mandates.triggers import LEDGER
        from tradeinit.publication import registry, triggers

        registry.register(*serializers.BODIES)
        triggers.register(LEDGER)
