"""The tables of plans, measures, questions and tasks."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("org", "0001_initial"),
        ("vault", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("name", models.CharField(max_length=255)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("format", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("compiled", models.JSONField()),
                ("compiler", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.receipt"
                    ),
                ),
            ],
            options={
                "ordering": ["plan_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.IntegerField()),
                ("number", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(max_length=500)),
                ("chapter", models.JSONField(default=list)),
                ("start", models.IntegerField()),
                ("end", models.IntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="measures", to="plan.document"
                    ),
                ),
            ],
            options={
                "ordering": ["document_id", "order"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=8)),
                ("severity", models.CharField(max_length=8)),
                ("arguments", models.JSONField(default=dict)),
                ("start", models.IntegerField()),
                ("end", models.IntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="plan.document"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="plan.measure",
                    ),
                ),
            ],
            options={
                "ordering": ["document_id", "start", "id"],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头单位"), ("responsible", "责任单位"), ("cooperating", "配合单位")],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("start", models.IntegerField(null=True)),
                ("end", models.IntegerField(null=True)),
                ("struck", models.BooleanField(default=False)),
                (
                    "group",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="org.group"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="org.unit"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="duties", to="plan.measure"
                    ),
                ),
            ],
            options={
                "ordering": ["measure_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300)),
                ("year", models.IntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "待下达"), ("issued", "已下达"), ("withdrawn", "已撤回")],
                        db_index=True,
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("sample", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("issued_on", models.DateField(null=True)),
                ("lock", models.IntegerField(default=0)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="document",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="plan.plan"
            ),
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("owner", "没有责任单位"),
                            ("lead", "没有写明牵头单位"),
                            ("unit", "单位名称对不上"),
                            ("group", "集合还没有成员"),
                            ("deadline", "没有完成时限"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("waived", models.BooleanField(default=False)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="plan.duty"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="plan.measure"
                    ),
                ),
            ],
            options={
                "ordering": ["measure__order", "id"],
            },
        ),
        migrations.AddField(
            model_name="duty",
            name="added_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="added_duties", to="plan.question"
            ),
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=200)),
                ("date", models.DateField(null=True)),
                ("kind", models.CharField(max_length=10)),
                ("precision", models.CharField(max_length=10)),
                ("start", models.IntegerField(null=True)),
                ("end", models.IntegerField(null=True)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deadlines", to="plan.measure"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="added_deadlines",
                        to="plan.question",
                    ),
                ),
            ],
            options={
                "ordering": ["measure_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500)),
                ("indicator", models.CharField(max_length=300)),
                ("comparator", models.CharField(max_length=5)),
                ("low", models.BigIntegerField(null=True)),
                ("high", models.BigIntegerField(null=True)),
                ("scale", models.IntegerField(default=0)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("start", models.IntegerField()),
                ("end", models.IntegerField()),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="plan.measure"
                    ),
                ),
            ],
            options={
                "ordering": ["measure_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(max_length=500)),
                ("order", models.IntegerField()),
                ("chapter", models.CharField(blank=True, max_length=500)),
                ("start", models.DateField()),
                ("due", models.DateField(db_index=True, null=True)),
                ("due_text", models.CharField(blank=True, max_length=200)),
                ("void", models.BooleanField(default=False)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="plan.measure"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="plan.task"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="plan.plan"
                    ),
                ),
            ],
            options={
                "ordering": ["plan_id", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="TaskDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头单位"), ("responsible", "责任单位"), ("cooperating", "配合单位")],
                        max_length=12,
                    ),
                ),
                (
                    "owes",
                    models.CharField(choices=[("report", "报告进展"), ("contribution", "配合情况")], max_length=12),
                ),
                ("percent", models.IntegerField(default=0)),
                ("done_on", models.DateField(null=True)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="duties", to="plan.task"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="task_duties", to="org.unit"
                    ),
                ),
                (
                    "via",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.group"
                    ),
                ),
            ],
            options={
                "ordering": ["task_id", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(fields=("document", "order"), name="measure_ordered_once"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="document_numbered_once"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                models.F("measure"),
                django.db.models.functions.comparison.Coalesce("duty_id", 0),
                models.F("kind"),
                name="question_asked_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("waived", False), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="waiver_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__isnull", True), ("group__isnull", True), _connector="OR"),
                name="duty_of_one_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("parent__isnull", True)), fields=("measure",), name="one_task_for_a_measure"
            ),
        ),
        migrations.AddConstraint(
            model_name="taskduty",
            constraint=models.UniqueConstraint(fields=("task", "unit"), name="task_duty_once"),
        ),
        migrations.AddConstraint(
            model_name="taskduty",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gte", 0), ("percent__lte", 100)), name="percent_within_100"
            ),
        ),
    ]
