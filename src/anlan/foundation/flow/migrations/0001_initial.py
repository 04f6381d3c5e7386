"""The table of events."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("flow", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField()),
                ("transition", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=40)),
                ("target", models.CharField(max_length=40)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=120)),
                ("reason", models.TextField(blank=True)),
                ("evidence", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["kind", "object_id"], name="flow_event_kind_3f0634_idx")],
            },
        ),
    ]
