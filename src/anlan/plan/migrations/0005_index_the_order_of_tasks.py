"""An index for the order in which the list of tasks begins."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0004_days_on_which_lights_turn"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["order", "id"], name="task_in_order"),
        ),
    ]
