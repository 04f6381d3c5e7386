"""What pictures show: what was read of them, which are one, the index to find them by."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PictureFiled",
            fields=[
                ("picture", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fault", models.CharField(blank=True, max_length=20)),
                ("format", models.CharField(blank=True, max_length=10)),
                ("width", models.IntegerField(default=0)),
                ("height", models.IntegerField(default=0)),
                ("exif", models.JSONField(default=dict)),
                ("features", models.BinaryField(default=bytes)),
                ("version", models.SmallIntegerField()),
                ("examined_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("compared_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="picture", to="vault.file"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PictureKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.IntegerField()),
                ("picture", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["key", "picture"], name="vault_picture_key")],
            },
        ),
        migrations.CreateModel(
            name="Resemblance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("likeness", models.JSONField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="later_ones", to="vault.picture"
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="earlier_ones", to="vault.picture"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("later", "earlier"), name="resemblance_once"),
                    models.CheckConstraint(
                        condition=models.Q(("later__gt", models.F("earlier"))), name="resemblance_in_order"
                    ),
                ],
            },
        ),
    ]
