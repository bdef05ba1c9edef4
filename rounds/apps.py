from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "rounds"
    verbose_name = "Rounds"

    def ready(self) -> None:
        from rounds import serializers
        from tradeinit.publication import registry

        registry.register(*serializers.BODIES)
