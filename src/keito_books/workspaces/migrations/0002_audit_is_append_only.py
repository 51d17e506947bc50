"""Let the database refuse to change or delete what was audited."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION workspaces_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is only ever added to' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON workspaces_auditentry
    FOR EACH ROW EXECUTE FUNCTION workspaces_audit_is_append_only();
"""

BACKWARDS = """
DROP TRIGGER audit_entry_append_only ON workspaces_auditentry;
DROP FUNCTION workspaces_audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_first_tables")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
