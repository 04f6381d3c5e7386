"""What a correction needs to be taken back, and what the adoption of a version did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0002_corrections_and_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="kept",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="document",
            name="outcome",
            field=models.JSONField(default=dict),
        ),
    ]
