from django.db import migrations, models

from tradeinit.migrating import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tradeinit", "0007_search")]

    operations = [
        AddIndexInUse(
            model_name="publication",
            index=models.Index(
                fields=["resource", "at", "uid", "number"], name="tradeinit_log_of_kind"
            ),
        ),
        AddIndexInUse(
            model_name="publication",
            index=models.Index(
                fields=["root", "at", "uid", "number"], name="tradeinit_log_of_case"
            ),
        ),
    ]
