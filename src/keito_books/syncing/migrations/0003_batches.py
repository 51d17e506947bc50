from django.db import migrations, models
from django.db.models import Q

_OPEN = Q(state__in=["waiting", "sending"])


class Migration(migrations.Migration):
    dependencies = [("syncing", "0002_runs")]

    operations = [
        migrations.CreateModel(
            name="Brake",
            fields=[
                ("provider", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("calls_left", models.IntegerField()),
                ("told_at", models.DateTimeField()),
            ],
            options={"db_table": "syncing_brake"},
        ),
        migrations.CreateModel(
            name="ContactsCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.TextField()),
                ("read_at", models.DateTimeField()),
                (
                    "connection",
                    models.OneToOneField("connections.connection", models.CASCADE, related_name="contacts_copy"),
                ),
            ],
            options={"db_table": "syncing_contacts_copy"},
        ),
        migrations.CreateModel(
            name="Ride",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("marker", models.CharField(max_length=255)),
                ("expected", models.JSONField(default=dict)),
                ("repairs", models.JSONField(default=list)),
                ("declined", models.JSONField(null=True)),
                ("dispatch", models.ForeignKey("syncing.dispatch", models.PROTECT, related_name="rides")),
                ("job", models.ForeignKey("syncing.job", models.PROTECT, related_name="rides")),
            ],
            options={"db_table": "syncing_ride"},
        ),
        migrations.AddConstraint("ride", models.UniqueConstraint(fields=("dispatch", "job"), name="ride_once_per_job")),
        migrations.AddConstraint(
            "ride", models.UniqueConstraint(fields=("dispatch", "marker"), name="ride_once_per_marker")
        ),
        migrations.AddField("dispatch", "is_answered", models.BooleanField(default=False)),
        migrations.AddField("job", "goes_alone", models.BooleanField(default=False)),
        migrations.AddField("lane", "calls", models.JSONField(default=list)),
        migrations.AddField("lane", "day_left_at", models.DateTimeField(null=True)),
        migrations.AddField("lane", "troubles", models.PositiveSmallIntegerField(default=0)),
        migrations.RemoveIndex("job", "job_due"),
        migrations.AddIndex(
            "job", models.Index(fields=["connection", "priority", "kind", "next_at"], condition=_OPEN, name="job_due")
        ),
        migrations.AddIndex(
            "job", models.Index(fields=["connection", "next_at"], condition=_OPEN, name="job_due_at_all")
        ),
    ]
