"""The table of what can be found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Hit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("object_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=300)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("url", models.CharField(max_length=200)),
                ("tokens", models.TextField()),
            ],
            options={
                "ordering": ["kind", "object_id"],
                "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="hit_once")],
            },
        ),
    ]
