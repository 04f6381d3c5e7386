"""The tables of entries and blocks."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("count", models.IntegerField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("action", models.CharField(db_index=True, max_length=60)),
                ("outcome", models.CharField(choices=[("done", "Done"), ("refused", "Refused")], max_length=7)),
                ("actor", models.BigIntegerField(db_index=True, null=True)),
                ("actor_name", models.CharField(max_length=120)),
                ("unit", models.BigIntegerField(null=True)),
                ("unit_name", models.CharField(blank=True, max_length=200)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("request", models.CharField(blank=True, max_length=36)),
                ("kind", models.CharField(blank=True, max_length=60)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("details", models.TextField(default="{}")),
                (
                    "block",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="journal.block",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["kind", "object_id"], name="journal_ent_kind_691716_idx")],
            },
        ),
    ]
