from django.db import migrations, models

from tradeinit.migrating import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("mandates", "0003_kept_files"),
        ("rounds", "0003_imports"),
    ]

    operations = [
        AddIndexInUse(
            model_name="round",
            index=models.Index(
                fields=[
                    "start",
                    "precision",
                    "initiative",
                    "public_from",
                    "withdrawn_at",
                    "kind",
                    "mode",
                    "press_access",
                    "state",
                ],
                name="rounds_counted",
            ),
        ),
    ]
