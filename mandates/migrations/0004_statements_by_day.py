from django.db import migrations, models

from tradeinit.migrating import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("mandates", "0003_kept_files")]

    operations = [
        AddIndexInUse(
            model_name="statement",
            index=models.Index(
                fields=["-effective_on", "-disclosed_on", "id"], name="mandates_said_by_day"
            ),
        ),
    ]
