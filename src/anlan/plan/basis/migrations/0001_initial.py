"""The library of documents that plans rest on: documents, their clauses, the measures that carry these out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("plan", "0004_days_on_which_lights_turn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Basis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("issuer", models.CharField(blank=True, max_length=200)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("national", "国家"),
                            ("province", "省级"),
                            ("city", "市级"),
                            ("district", "县区级"),
                            ("standard", "标准规范"),
                            ("other", "其他"),
                        ],
                        default="other",
                        max_length=10,
                    ),
                ),
                (
                    "validity",
                    models.CharField(
                        choices=[
                            ("in_force", "现行有效"),
                            ("trial", "试行"),
                            ("repealed", "已废止"),
                            ("unknown", "待核实"),
                        ],
                        db_index=True,
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("lock", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaces",
                        to="basis.basis",
                    ),
                ),
            ],
            options={
                "ordering": ["level", "title", "id"],
            },
        ),
        migrations.CreateModel(
            name="BasisClause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.IntegerField()),
                ("number", models.CharField(blank=True, max_length=40)),
                ("chapter", models.JSONField(default=list)),
                ("text", models.TextField()),
                ("exempt", models.CharField(blank=True, max_length=500)),
                (
                    "basis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="clauses", to="basis.basis"
                    ),
                ),
            ],
            options={
                "ordering": ["basis_id", "order"],
            },
        ),
        migrations.CreateModel(
            name="Mapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mappings", to="basis.basisclause"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bases", to="plan.measure"
                    ),
                ),
            ],
            options={
                "ordering": ["clause_id", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="basis",
            constraint=models.UniqueConstraint(fields=("title", "number"), name="basis_once"),
        ),
        migrations.AddConstraint(
            model_name="basis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("since__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="basis_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="basisclause",
            constraint=models.UniqueConstraint(fields=("basis", "order"), name="basis_clause_ordered_once"),
        ),
        migrations.AddConstraint(
            model_name="mapping",
            constraint=models.UniqueConstraint(fields=("clause", "measure"), name="mapping_once"),
        ),
    ]
