"""The table of saved views of lists."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=1000)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="views", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["path", "name"],
                "constraints": [models.UniqueConstraint(fields=("account", "path", "name"), name="view_named_once")],
            },
        ),
    ]
