from django.db import migrations

# What a request said of its one document becomes a ride, and a settled job no longer points at its request.
_GIVE_RIDES = """
    INSERT INTO syncing_ride (dispatch_id, job_id, marker, expected, repairs, declined)
    SELECT dispatch.id, job.id, dispatch.markers ->> 0, dispatch.expected,
           COALESCE(dispatch.repairs -> (dispatch.markers ->> 0), '[]'), dispatch.declined
      FROM syncing_job AS job JOIN syncing_dispatch AS dispatch ON dispatch.id = job.dispatch_id;
    UPDATE syncing_job AS job SET dispatch_id = NULL
      FROM syncing_dispatch AS dispatch
     WHERE dispatch.id = job.dispatch_id AND dispatch.closed_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("syncing", "0003_batches")]

    operations = [migrations.RunSQL(_GIVE_RIDES, migrations.RunSQL.noop)]
