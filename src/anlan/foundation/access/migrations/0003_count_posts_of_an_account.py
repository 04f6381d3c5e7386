"""The table of forms that an account sent in a minute."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_count_sign_ins_of_an_address"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minute", models.BigIntegerField()),
                ("count", models.IntegerField()),
                ("account", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "minute"), name="post_count_once")],
            },
        ),
    ]
