"""What is kept of every import: the file as it came, who handed it in, and the report of its dry run."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0001_initial"),
        ("sheets", "0002_rows_of_several_sheets"),
        ("vault", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(db_index=True, max_length=60)),
                ("action", models.CharField(db_index=True, max_length=60)),
                ("actor_name", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("run", models.BigIntegerField(db_index=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("staged", "待发布"), ("published", "已发布")], default="staged", max_length=10
                    ),
                ),
                ("new", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("unchanged", models.IntegerField(default=0)),
                ("errors", models.IntegerField(default=0)),
                ("faults", models.JSONField(default=list)),
                ("notices", models.JSONField(default=list)),
                ("report", models.JSONField(default=list)),
                ("cut", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.receipt"
                    ),
                ),
                ("units", models.ManyToManyField(related_name="+", to="org.unit")),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
    ]
