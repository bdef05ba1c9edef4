from django.db import migrations, models
from django.db.models import Q

from tradeinit.migrating import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tradeinit", "0008_log_by_kind_and_case")]

    operations = [
        AddIndexInUse(
            model_name="publication",
            index=models.Index(
                fields=["at", "uid", "number"],
                condition=~Q(reason=""),
                name="tradeinit_log_with_reason",
            ),
        ),
    ]
