"""The ledger of problems: problems, the ledgers they come from, mergers."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
        ("org", "0002_charges"),
    ]

    operations = [
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ledger", models.CharField(max_length=200)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("zydc", "中央生态环境保护督察反馈"),
                            ("zydc_xf", "督察交办信访件"),
                            ("jsp_gj", "长江经济带生态环境警示片（国家）"),
                            ("jsp_sj", "省生态环境警示片"),
                            ("sjdc", "省级生态环境保护督察"),
                            ("sj", "审计指出问题"),
                            ("zc", "自查排查"),
                            ("xf", "信访、热线、媒体"),
                            ("jcjy", "检察建议"),
                            ("sensor", "监测数据"),
                            ("other", "其他"),
                        ],
                        default="other",
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("receipt", models.BigIntegerField(null=True)),
                ("mapping", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("report", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "读取中"),
                            ("read", "待确认"),
                            ("taking", "收入中"),
                            ("taken", "已收入"),
                            ("failed", "未能读取"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("sample", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="IntakeLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("intake", models.BigIntegerField(db_index=True)),
                ("order", models.IntegerField()),
                ("data", models.JSONField()),
                (
                    "standing",
                    models.CharField(choices=[("new", "新增"), ("same", "未变"), ("changed", "有变动")], max_length=8),
                ),
                ("entry", models.BigIntegerField(null=True)),
                ("changes", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["intake", "order"],
                "constraints": [models.UniqueConstraint(fields=("intake", "order"), name="intake_line_once")],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("place", models.CharField(blank=True, max_length=300)),
                ("river", models.CharField(blank=True, max_length=100)),
                ("company", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(blank=True, db_index=True, max_length=40)),
                ("lon_e6", models.IntegerField(null=True)),
                ("lat_e6", models.IntegerField(null=True)),
                ("found", models.CharField(blank=True, max_length=10)),
                (
                    "term",
                    models.CharField(
                        choices=[("immediate", "立行立改"), ("limited", "限期整改"), ("long_term", "长期坚持")],
                        default="limited",
                        max_length=10,
                    ),
                ),
                ("goal", models.TextField(blank=True)),
                ("measures", models.TextField(blank=True)),
                ("deadline", models.DateField(db_index=True, null=True)),
                ("first_deadline", models.DateField(null=True)),
                ("state", models.CharField(db_index=True, default="draft", max_length=20)),
                ("since", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "未定"),
                            ("rectified", "完成整改"),
                            ("partly", "部分完成"),
                            ("untrue", "经查不属实"),
                            ("transferred", "移交其他部门"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("registered_on", models.DateField(default=django.utils.timezone.localdate)),
                ("notice_from", models.DateField(null=True)),
                ("notice_until", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("watch_until", models.DateField(null=True)),
                ("lock", models.IntegerField(default=0)),
                ("sample", models.BooleanField(default=False)),
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
                    "division",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.division"
                    ),
                ),
                (
                    "joined_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined",
                        to="ledger.problem",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_problems",
                        to="org.unit",
                    ),
                ),
                ("responsible", models.ManyToManyField(related_name="problems", to="org.unit")),
                (
                    "supervisor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervised_problems",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Joining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entries", models.JSONField(default=list)),
                ("deadline_before", models.DateField(null=True)),
                ("by_rule", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_why", models.CharField(blank=True, max_length=500)),
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
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.problem"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="joinings", to="ledger.problem"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ledger", models.CharField(max_length=200)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("zydc", "中央生态环境保护督察反馈"),
                            ("zydc_xf", "督察交办信访件"),
                            ("jsp_gj", "长江经济带生态环境警示片（国家）"),
                            ("jsp_sj", "省生态环境警示片"),
                            ("sjdc", "省级生态环境保护督察"),
                            ("sj", "审计指出问题"),
                            ("zc", "自查排查"),
                            ("xf", "信访、热线、媒体"),
                            ("jcjy", "检察建议"),
                            ("sensor", "监测数据"),
                            ("other", "其他"),
                        ],
                        default="other",
                        max_length=10,
                    ),
                ),
                ("sheet", models.CharField(blank=True, max_length=100)),
                ("row", models.IntegerField(default=0)),
                ("part", models.IntegerField(default=1)),
                ("key", models.CharField(blank=True, max_length=100)),
                ("fingerprint", models.CharField(max_length=32)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField()),
                ("place", models.CharField(blank=True, max_length=300)),
                ("disclosed", models.CharField(blank=True, max_length=10)),
                ("deadline", models.DateField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("original", models.JSONField(default=dict)),
                ("in_force", models.BooleanField(default=True)),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="ledger.entry",
                    ),
                ),
                (
                    "intake",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.intake",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="ledger.problem"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("probability", models.IntegerField()),
                ("why", models.JSONField(default=list)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("", "待判断"), ("same", "同一问题"), ("different", "不同问题")],
                        db_index=True,
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
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
                    "a",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.problem"
                    ),
                ),
                (
                    "b",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.problem"
                    ),
                ),
            ],
            options={
                "ordering": ["-probability", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat_e6__isnull", True), ("lon_e6__isnull", True)),
                    models.Q(("lat_e6__range", (-90000000, 90000000)), ("lon_e6__range", (-180000000, 180000000))),
                    _connector="OR",
                ),
                name="problem_lies_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", models.F("joined_into")), _negated=True),
                name="problem_not_joined_into_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["ledger", "in_force", "fingerprint"], name="ledger_entr_ledger_3347b5_idx"),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(fields=("a", "b"), name="candidate_once"),
        ),
    ]
