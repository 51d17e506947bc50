"""Grants, connections, attempts to connect, and revocations that wait."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("workspaces", "0002_audit_is_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("provider", models.CharField(choices=[("xero", "Xero"), ("quickbooks", "QuickBooks")], max_length=20)),
                ("account", models.CharField(blank=True, default="", max_length=128)),
                ("sealed_access_token", models.BinaryField(default=b"")),
                ("sealed_refresh_token", models.BinaryField(default=b"")),
                ("access_expires_at", models.DateTimeField(null=True)),
                ("refresh_expires_at", models.DateTimeField(null=True)),
                ("scope", models.TextField(blank=True, default="")),
                ("lease", models.BigIntegerField(default=0)),
                ("lease_expires_at", models.DateTimeField(null=True)),
                ("rests_until", models.DateTimeField(null=True)),
                ("refresh_intent_at", models.DateTimeField(null=True)),
                ("refused_times", models.PositiveSmallIntegerField(default=0)),
                ("refreshed_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "connections_grant",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("provider__in", ["xero", "quickbooks"])), name="grant_provider_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retired_at", None),
                            models.Q(("sealed_access_token", b""), ("sealed_refresh_token", b"")),
                            _connector="OR",
                        ),
                        name="grant_retired_holds_no_tokens",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("provider", models.CharField(choices=[("xero", "Xero"), ("quickbooks", "QuickBooks")], max_length=20)),
                ("organisation_id", models.CharField(max_length=64)),
                ("organisation_name", models.CharField(max_length=255)),
                ("short_code", models.CharField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Connected"), ("expired", "Expired"), ("disconnected", "Disconnected")],
                        max_length=20,
                    ),
                ),
                ("epoch", models.PositiveIntegerField(default=1)),
                ("remote_connection_id", models.CharField(blank=True, default="", max_length=64)),
                ("connected_at", models.DateTimeField()),
                ("expired_at", models.DateTimeField(null=True)),
                (
                    "expired_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refused", "The provider no longer accepts the consent"),
                            ("removed there", "Somebody disconnected it at the provider"),
                            ("unreadable", "The stored tokens can't be opened"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("expired_because", models.TextField(blank=True, default="")),
                ("disconnected_at", models.DateTimeField(null=True)),
                ("last_success_at", models.DateTimeField(null=True)),
                (
                    "connected_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="connections",
                        to="workspaces.workspace",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="connections",
                        to="connections.grant",
                    ),
                ),
            ],
            options={
                "db_table": "connections_connection",
            },
        ),
        migrations.CreateModel(
            name="ConnectAttempt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("provider", models.CharField(choices=[("xero", "Xero"), ("quickbooks", "QuickBooks")], max_length=20)),
                ("state_hash", models.CharField(max_length=64, unique=True)),
                ("session_hash", models.CharField(max_length=64)),
                ("sealed_verifier", models.BinaryField(default=b"")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("sent", "Sent to the provider"),
                            ("returned", "Came back"),
                            ("choosing", "Choosing an organisation"),
                            ("done", "Connected"),
                            ("failed", "Failed"),
                        ],
                        default="sent",
                        max_length=20,
                    ),
                ),
                ("organisations", models.JSONField(default=list)),
                ("organisation_id", models.CharField(blank=True, default="", max_length=64)),
                ("started_at", models.DateTimeField()),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="connections.connection",
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="connections.connection",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="connections.grant",
                    ),
                ),
            ],
            options={
                "db_table": "connections_connect_attempt",
            },
        ),
        migrations.CreateModel(
            name="Revocation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("provider", models.CharField(choices=[("xero", "Xero"), ("quickbooks", "QuickBooks")], max_length=20)),
                ("account", models.CharField(blank=True, default="", max_length=128)),
                ("grant_id", models.UUIDField()),
                ("organisation_name", models.CharField(blank=True, default="", max_length=255)),
                ("remote_connection_ids", models.JSONField(default=list)),
                ("sealed_access_token", models.BinaryField(default=b"")),
                ("sealed_refresh_token", models.BinaryField(default=b"")),
                ("access_expires_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "To be done"),
                            ("done", "Done"),
                            ("not needed", "The provider had ended it already, or others still use it"),
                            ("given up", "Not done within a day"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "connections_revocation",
            },
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                fields=("workspace", "provider", "organisation_id"), name="connection_once_per_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["active", "expired"])),
                fields=("workspace",),
                name="connection_one_live_per_workspace",
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(("provider__in", ["xero", "quickbooks"])), name="connection_provider_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "expired", "disconnected"])), name="connection_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "active"), _negated=True), ("grant__isnull", False), _connector="OR"
                ),
                name="connection_active_has_a_grant",
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "disconnected"), _negated=True), ("grant__isnull", True), _connector="OR"
                ),
                name="connection_disconnected_has_no_grant",
            ),
        ),
        migrations.AddIndex(
            model_name="connectattempt",
            index=models.Index(
                condition=models.Q(("step__in", ["sent", "returned", "choosing"])),
                fields=["started_at"],
                name="attempt_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="connectattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["sent", "returned", "choosing", "done", "failed"])),
                name="attempt_step_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="connectattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("step", "sent"), ("sealed_verifier", b""), _connector="OR"),
                name="attempt_verifier_once",
            ),
        ),
        migrations.AddIndex(
            model_name="revocation",
            index=models.Index(condition=models.Q(("outcome", "waiting")), fields=["next_at"], name="revocation_due"),
        ),
        migrations.AddConstraint(
            model_name="revocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["waiting", "done", "not needed", "given up"])),
                name="revocation_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "waiting"),
                    models.Q(("sealed_access_token", b""), ("sealed_refresh_token", b"")),
                    _connector="OR",
                ),
                name="revocation_over_holds_no_tokens",
            ),
        ),
    ]
