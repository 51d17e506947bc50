"""Let the database refuse rows that point into another workspace."""

from django.db import migrations

# (table, column, table pointed at): both ends must have the same workspace.
POINTERS = (
    ("invoicing_clientcontact", "client_id", "invoicing_client"),
    ("invoicing_project", "client_id", "invoicing_client"),
    ("invoicing_invoice", "client_id", "invoicing_client"),
    ("invoicing_invoiceline", "invoice_id", "invoicing_invoice"),
    ("invoicing_invoiceline", "category_id", "invoicing_itemcategory"),
    ("invoicing_invoiceline", "project_id", "invoicing_project"),
    ("invoicing_payment", "invoice_id", "invoicing_invoice"),
    ("invoicing_invoicemessage", "invoice_id", "invoicing_invoice"),
)
TARGETS = sorted({target for _, _, target in POINTERS})


def _key(target: str) -> str:
    return f"{target}_in_workspace"


def _name(table: str, column: str) -> str:
    return f"{table}_{column}_same_workspace"


FORWARDS = [f"ALTER TABLE {target} ADD CONSTRAINT {_key(target)} UNIQUE (id, workspace_id)" for target in TARGETS] + [
    f"ALTER TABLE {table} ADD CONSTRAINT {_name(table, column)} FOREIGN KEY ({column}, workspace_id)"
    f" REFERENCES {target} (id, workspace_id) DEFERRABLE INITIALLY DEFERRED"
    for table, column, target in POINTERS
]
BACKWARDS = [f"ALTER TABLE {table} DROP CONSTRAINT {_name(table, column)}" for table, column, _ in POINTERS] + [
    f"ALTER TABLE {target} DROP CONSTRAINT {_key(target)}" for target in TARGETS
]


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_first_tables")]

    operations = [migrations.RunSQL(";".join(FORWARDS), ";".join(BACKWARDS))]
