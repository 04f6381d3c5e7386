"""The sheet of each row of an import, and runs of which single rows may be wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sheets", "0001_dry_runs_of_imports"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="importrow",
            options={"ordering": ["pk"]},
        ),
        migrations.AddField(
            model_name="importrow",
            name="sheet",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="importrun",
            name="partial",
            field=models.BooleanField(default=False),
        ),
    ]
