"""Which indicator a target is bound to, which were refused, and what the rows said from day to day."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("plan", "0005_index_the_order_of_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Binding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("bound", "已绑定"), ("ended", "已解除"), ("refused", "已排除")], max_length=10
                    ),
                ),
                ("source", models.CharField(max_length=30)),
                ("indicator", models.CharField(max_length=40)),
                ("narrowed", models.JSONField(default=list)),
                ("period", models.CharField(blank=True, max_length=10)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("water", models.BooleanField(default=False)),
                ("definition", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=400)),
                ("told", models.TextField(blank=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by_name", models.CharField(max_length=120)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=120)),
                ("ended_why", models.CharField(blank=True, max_length=500)),
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
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bindings", to="plan.target"
                    ),
                ),
            ],
            options={
                "ordering": ["target_id", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("value", models.BigIntegerField(null=True)),
                ("scale", models.IntegerField(default=0)),
                ("rows", models.IntegerField(default=0)),
                (
                    "binding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="binding.binding"
                    ),
                ),
            ],
            options={
                "ordering": ["binding_id", "day"],
            },
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "bound")), fields=("target",), name="target_bound_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused")),
                fields=("target", "source", "indicator"),
                name="indicator_refused_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(fields=("binding", "day"), name="reading_once_a_day"),
        ),
    ]
