"""The digest of the spec in force, by which a process knows that it has to read it anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0002_refuse_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="register",
            name="digest",
            field=models.CharField(default="", max_length=64),
        ),
    ]
