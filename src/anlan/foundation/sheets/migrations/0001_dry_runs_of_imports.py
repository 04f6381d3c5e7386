"""The tables of dry runs of imports and their rows."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("account", models.BigIntegerField(null=True)),
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("columns", models.JSONField(default=list)),
                ("faults", models.JSONField(default=list)),
                ("notices", models.JSONField(default=list)),
                ("new", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("unchanged", models.IntegerField(default=0)),
                ("errors", models.IntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("staged", "待发布"), ("published", "已发布")], default="staged", max_length=10
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["kind", "account"], name="sheets_impo_kind_9e83a9_idx")],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("error", "有误"), ("new", "新增"), ("changed", "变更"), ("unchanged", "无变化")],
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=200)),
                ("values", models.JSONField(default=dict)),
                ("faults", models.JSONField(default=list)),
                ("changes", models.JSONField(default=list)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="sheets.importrun"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["run", "state"], name="sheets_impo_run_id_6d28a8_idx")],
            },
        ),
    ]
