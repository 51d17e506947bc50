from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("syncing", "0004_rides_of_what_was_sent")]

    operations = [
        migrations.RemoveField("dispatch", "declined"),
        migrations.RemoveField("dispatch", "expected"),
        migrations.RemoveField("dispatch", "repairs"),
        migrations.RemoveField("lane", "theoretical_arrival"),
    ]
