"""Runs, when recurring work is due, and progress in the disposable store."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import anlan.foundation.jobs.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("run_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("words_zh", models.CharField(blank=True, max_length=300)),
                ("words_en", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            bases=(anlan.foundation.jobs.models.Disposable, models.Model),
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(db_index=True, max_length=60)),
                ("args", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "正在处理"),
                            ("done", "已完成"),
                            ("failed", "未完成"),
                        ],
                        db_index=True,
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("actor_name", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("task", models.UUIDField(db_index=True, null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("lease", models.CharField(blank=True, max_length=36)),
                ("lease_until", models.DateTimeField(null=True)),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("started", models.DateTimeField(null=True)),
                ("finished", models.DateTimeField(null=True)),
                ("url", models.CharField(blank=True, max_length=300)),
                ("error_zh", models.TextField(blank=True)),
                ("error_en", models.TextField(blank=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                ("at", models.DateTimeField()),
                ("last_at", models.DateTimeField(null=True)),
                (
                    "last_run",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="jobs.run"
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "running"), _negated=True),
                    models.Q(("lease_until__isnull", False), models.Q(("lease", ""), _negated=True)),
                    _connector="OR",
                ),
                name="run_runs_under_a_lease",
            ),
        ),
    ]
