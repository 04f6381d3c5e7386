"""Registers with versions of their specs, rows and their revisions."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("org", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Register",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, unique=True)),
                ("title_zh", models.CharField(max_length=100)),
                ("title_en", models.CharField(max_length=200)),
                ("group", models.CharField(blank=True, max_length=40)),
                ("version", models.IntegerField()),
                ("table", models.CharField(max_length=60)),
                ("origin", models.CharField(max_length=10)),
                ("retired", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["group", "code"],
            },
        ),
        migrations.CreateModel(
            name="Row",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=400)),
                ("label", models.CharField(max_length=300)),
                ("place", models.CharField(blank=True, max_length=12)),
                ("state", models.CharField(blank=True, max_length=40)),
                ("deleted", models.BooleanField(default=False)),
                ("revision", models.IntegerField(default=1)),
                ("sample", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "register",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="registers.register",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["register_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                (
                    "did",
                    models.CharField(
                        choices=[
                            ("add", "新增"),
                            ("correct", "更正"),
                            ("move", "变更状态"),
                            ("delete", "删除"),
                            ("restore", "恢复"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=120)),
                ("unit_name", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True)),
                ("source", models.CharField(blank=True, max_length=80)),
                ("version", models.IntegerField()),
                ("state", models.CharField(blank=True, max_length=40)),
                ("values", models.JSONField()),
                (
                    "row",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="registers.row",
                    ),
                ),
            ],
            options={
                "ordering": ["row_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="SpecVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("effective", models.DateField()),
                ("text", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("report", models.JSONField(default=list)),
                ("installed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "register",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="registers.register"
                    ),
                ),
            ],
            options={
                "ordering": ["register_id", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="row",
            constraint=models.UniqueConstraint(fields=("register", "key"), name="row_keyed_once"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("row", "number"), name="revision_numbered_once"),
        ),
        migrations.AddConstraint(
            model_name="specversion",
            constraint=models.UniqueConstraint(fields=("register", "number"), name="spec_numbered_once"),
        ),
    ]
