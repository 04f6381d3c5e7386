"""Blocks remember the hash of each entry; what is unsealed or refused is found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """No table is made anew: on SQLite that would take the triggers away."""

    dependencies = [("journal", "0002_refuse_changes")]
    operations = [
        migrations.AddField("block", "leaves", models.BinaryField(null=True)),
        migrations.AddIndex(
            "entry",
            models.Index(condition=models.Q(("block__isnull", True)), fields=["id"], name="journal_unsealed"),
        ),
        migrations.AddIndex(
            "entry",
            models.Index(condition=models.Q(("outcome", "refused")), fields=["id"], name="journal_refused"),
        ),
    ]
