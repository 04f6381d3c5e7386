"""Sites, devices, orders and lab results in the business store; frames, readings and runs in that of readings."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Made by hand: the rows of these two come by the million, and Django would give them keys that cost twice as much.
_SQLITE = (
    """CREATE TABLE monitor_frame (
    id INTEGER PRIMARY KEY, received INTEGER NOT NULL, sender INTEGER, key BLOB NOT NULL, state TEXT NOT NULL,
    why TEXT NOT NULL, mn TEXT NOT NULL, cn TEXT NOT NULL, qn TEXT NOT NULL, address TEXT NOT NULL, raw BLOB NOT NULL)""",
    """CREATE TABLE monitor_reading (
    at INTEGER NOT NULL, sender INTEGER NOT NULL, factor TEXT NOT NULL, kind INTEGER NOT NULL, digits INTEGER,
    scale INTEGER NOT NULL, flag TEXT NOT NULL, state INTEGER NOT NULL, frame INTEGER NOT NULL,
    PRIMARY KEY (at, sender, factor, kind)) WITHOUT ROWID""",
)
_POSTGRESQL = (
    """CREATE TABLE monitor_frame (
    id bigint PRIMARY KEY, received bigint NOT NULL, sender integer, key bytea NOT NULL, state varchar(10) NOT NULL,
    why varchar(12) NOT NULL, mn varchar(64) NOT NULL, cn varchar(8) NOT NULL, qn varchar(40) NOT NULL,
    address varchar(64) NOT NULL, raw bytea NOT NULL)""",
    """CREATE TABLE monitor_reading (
    at bigint NOT NULL, sender integer NOT NULL, factor varchar(32) NOT NULL, kind smallint NOT NULL, digits bigint,
    scale smallint NOT NULL, flag varchar(16) NOT NULL, state smallint NOT NULL, frame bigint NOT NULL,
    PRIMARY KEY (at, sender, factor, kind))""",
)
_BOTH = (
    "CREATE UNIQUE INDEX monitor_frame_once ON monitor_frame (key)",
    "CREATE INDEX monitor_frame_of_sender ON monitor_frame (sender, id)",
    "CREATE INDEX monitor_frame_held ON monitor_frame (sender, id) WHERE state = 'quarantine'",
)


def make(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the tables of frames and readings."""
    for statement in (*(_SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL), *_BOTH):
        editor.execute(statement)


def drop(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Removes them."""
    for table in ("monitor_frame", "monitor_reading"):
        editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("org", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Frame",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("received", models.BigIntegerField()),
                ("sender", models.IntegerField(null=True)),
                ("key", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[("taken", "已采用"), ("quarantine", "隔离"), ("bad", "坏帧")], max_length=10
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=12)),
                ("mn", models.CharField(blank=True, max_length=64)),
                ("cn", models.CharField(blank=True, max_length=8)),
                ("qn", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("raw", models.BinaryField()),
            ],
            options={
                "db_table": "monitor_frame",
                "ordering": ["-id"],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "at", "sender", "factor", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.BigIntegerField()),
                ("sender", models.IntegerField()),
                ("factor", models.CharField(max_length=32)),
                ("kind", models.SmallIntegerField()),
                ("digits", models.BigIntegerField(null=True)),
                ("scale", models.SmallIntegerField()),
                ("flag", models.CharField(blank=True, max_length=16)),
                ("state", models.SmallIntegerField(choices=[(0, "ok"), (1, "no_value"), (2, "conflict")])),
                ("frame", models.BigIntegerField()),
            ],
            options={
                "db_table": "monitor_reading",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Day",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sender", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sender", models.IntegerField()),
                ("day", models.IntegerField()),
                ("frames", models.BigIntegerField(default=0)),
                ("crc", models.BigIntegerField(default=0)),
                ("length", models.BigIntegerField(default=0)),
                ("format", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("repeats", models.BigIntegerField(default=0)),
                ("late", models.BigIntegerField(default=0)),
                ("conflicts", models.BigIntegerField(default=0)),
            ],
            options={
                "ordering": ["sender", "-day"],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mn", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("password", models.CharField(blank=True, max_length=32)),
                ("minutes", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("in_service", "在用"), ("suspended", "停用"), ("refused", "不接入")],
                        db_index=True,
                        default="in_service",
                        max_length=12,
                    ),
                ),
                ("simulated", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("admitted_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
            ],
            options={
                "ordering": ["mn"],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sender", "cn", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sender", models.IntegerField()),
                ("cn", models.CharField(max_length=4)),
                ("at", models.BigIntegerField()),
                ("received", models.BigIntegerField()),
            ],
            options={
                "ordering": ["sender", "cn", "at"],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("value", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("order", models.BigIntegerField(null=True, unique=True)),
                ("mn", models.CharField(db_index=True, max_length=64)),
                ("cn", models.CharField(max_length=4)),
                ("fields", models.JSONField(default=dict)),
                ("qn", models.CharField(blank=True, max_length=20)),
                ("by", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发"),
                            ("sent", "已发，等应答"),
                            ("accepted", "已应答，等结果"),
                            ("done", "执行成功"),
                            ("failed", "执行失败"),
                            ("refused", "设备拒绝"),
                            ("unanswered", "无应答"),
                            ("no_result", "无结果"),
                            ("lost", "连接中断"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("tries", models.SmallIntegerField(default=0)),
                ("qn_rtn", models.SmallIntegerField(null=True)),
                ("exe_rtn", models.SmallIntegerField(null=True)),
                ("frames", models.IntegerField(default=0)),
                ("created", models.BigIntegerField()),
                ("sent", models.BigIntegerField(null=True)),
                ("ended", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Sender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mn", models.CharField(max_length=64, unique=True)),
                ("st", models.CharField(blank=True, max_length=8)),
                ("version", models.SmallIntegerField(null=True)),
                ("password", models.CharField(blank=True, max_length=32)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("connected", models.BooleanField(default=False)),
                ("first_at", models.BigIntegerField()),
                ("last_at", models.BigIntegerField()),
                ("data_at", models.BigIntegerField(null=True)),
                ("offset_ms", models.BigIntegerField(null=True)),
                ("delay_ms", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ["mn"],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField()),
                ("sender", models.IntegerField()),
                ("factor", models.CharField(max_length=32)),
                ("kind", models.SmallIntegerField()),
                ("digits", models.BigIntegerField(null=True)),
                ("scale", models.SmallIntegerField()),
                ("flag", models.CharField(blank=True, max_length=16)),
                ("frame", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["sender", "at"], name="conflict_of_sender")],
                "constraints": [
                    models.UniqueConstraint(fields=("at", "sender", "factor", "kind", "frame"), name="conflict_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cn", models.CharField(max_length=4)),
                ("fields", models.JSONField(default=dict)),
                ("by_name", models.CharField(max_length=120)),
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
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="orders", to="monitor.device"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("section", "地表水断面"),
                            ("plant_outlet", "污水处理厂出口"),
                            ("plant_inlet", "污水处理厂进口"),
                            ("outfall", "入河排污口"),
                            ("enterprise", "企业排口"),
                            ("rural", "农村污水设施"),
                            ("source", "饮用水水源地"),
                            ("other", "其他"),
                        ],
                        default="section",
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="org.division",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.AddField(
            model_name="device",
            name="site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="devices",
                to="monitor.site",
            ),
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("factor", models.CharField(max_length=16)),
                ("sampled_at", models.DateTimeField()),
                ("digits", models.BigIntegerField()),
                ("scale", models.PositiveSmallIntegerField(default=0)),
                ("below", models.BooleanField(default=False)),
                ("unit", models.CharField(blank=True, max_length=16)),
                ("lab", models.CharField(blank=True, max_length=100)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("way", models.CharField(choices=[("sheet", "化验单"), ("api", "接口")], max_length=10)),
                ("by_name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="monitor.site"
                    ),
                ),
            ],
            options={
                "ordering": ["-sampled_at", "site_id", "factor"],
                "constraints": [models.UniqueConstraint(fields=("site", "factor", "sampled_at"), name="result_once")],
            },
        ),
        migrations.RunPython(make, drop, elidable=False, hints={"store": "readings"}),
    ]
