"""Days on which the light of a part turns yellow and red, so that lists can ask the store for them."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """The days of the parts there are, by the calculation in force."""
    from anlan.plan.lights import turns

    parts = apps.get_model("plan", "TaskDuty").objects.filter(owes="report", done_on=None, task__due__isnull=False)
    rows = list(parts.select_related("task"))
    for part in rows:
        part.yellow_on, part.red_on = turns(part.task.start, part.task.due, part.percent)
    apps.get_model("plan", "TaskDuty").objects.bulk_update(rows, ["yellow_on", "red_on"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("plan", "0003_what_corrections_and_adoptions_keep")]

    operations = [
        migrations.AddField("taskduty", "yellow_on", models.DateField(null=True)),
        migrations.AddField("taskduty", "red_on", models.DateField(db_index=True, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
