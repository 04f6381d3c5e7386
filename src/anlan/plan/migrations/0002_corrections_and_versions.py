"""Corrections of measures beside what the compiler found; several versions of a document and how they match."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0001_initial"),
        ("vault", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("number", "序号"),
                            ("title", "标题"),
                            ("chapter", "章节"),
                            ("duty", "承担单位"),
                            ("deadline", "完成时限"),
                            ("target", "目标"),
                            ("move", "顺序"),
                            ("split", "拆分"),
                            ("merge", "合并"),
                            ("add", "新增任务"),
                            ("strike", "不作为任务"),
                        ],
                        max_length=10,
                    ),
                ),
                ("compiled", models.JSONField(null=True)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("start", models.IntegerField(null=True)),
                ("end", models.IntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("back_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.IntegerField()),
                ("doubtful", models.BooleanField(default=False)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["document_id", "id"],
            },
        ),
        migrations.AddField(
            model_name="deadline",
            name="struck",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="document",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="decided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="reason",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="document",
            name="state",
            field=models.CharField(
                choices=[("proposed", "待比对"), ("in_force", "现行"), ("replaced", "已被替换"), ("aside", "未采用")],
                default="in_force",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="continues",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="continued_by", to="plan.measure"
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="lock",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="measure",
            name="struck",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="target",
            name="struck",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="task",
            name="void_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="target",
            name="end",
            field=models.IntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="target",
            name="start",
            field=models.IntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")), fields=("plan",), name="one_document_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("plan",), name="one_document_proposed"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="back_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="carried_from",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="carried_to", to="plan.correction"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="measure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="plan.measure"
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="made_deadlines",
                to="plan.correction",
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="struck_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="struck_deadlines",
                to="plan.correction",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="made_duties",
                to="plan.correction",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="struck_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="struck_duties",
                to="plan.correction",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="made_measures",
                to="plan.correction",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="struck_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="struck_measures",
                to="plan.correction",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="made_targets",
                to="plan.correction",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="struck_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="struck_targets",
                to="plan.correction",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="matches", to="plan.document"
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="new",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plan.measure"
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="old",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plan.measure"
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(("old__isnull", False), ("new__isnull", False), _connector="OR"),
                name="match_of_a_clause",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 1000)), name="match_score_in_thousandths"
            ),
        ),
    ]
