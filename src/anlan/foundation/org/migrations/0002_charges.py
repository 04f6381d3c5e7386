"""Which post answers for the work of a unit: the chain of responsibility."""

import datetime

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[("leader", "分管区领导"), ("office", "责任科室"), ("township", "乡镇责任人")],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("at", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="org.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["unit_id", "place", "since", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("unit"),
                        models.F("place"),
                        django.db.models.functions.comparison.Coalesce(
                            "since", models.Value(datetime.date(1, 1, 1), models.DateField())
                        ),
                        name="charge_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("since__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="charge_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
