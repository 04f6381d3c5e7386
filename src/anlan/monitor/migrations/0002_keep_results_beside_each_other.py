"""A second result for the same moment is a row of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitor", "0001_sites_devices_frames_readings"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="result",
            name="result_once",
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.UniqueConstraint(
                fields=("site", "factor", "sampled_at", "digits", "scale", "below"), name="result_value_once"
            ),
        ),
    ]
