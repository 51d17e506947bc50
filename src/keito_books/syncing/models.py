"""Jobs (what shall happen), dispatches (what was frozen and sent), attempts (evidence), links and lanes."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client, Invoice, Payment
from keito_books.workspaces.models import Workspace

# What a person waits for goes before what was asked for in bulk.
CLICK, BULK = 0, 10
KINDS = [(kind.value, kind.value) for kind in Kind]


class Lane(models.Model):
    """One organisation's road: who drives on it, and what its limits allow. Shared by all workers.

    Several workspaces may join one organisation, and its limits are one, so the lane belongs to the organisation.
    `fence` grows with each lease; a call is permitted only to the newest holder (see governor).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=20)
    organisation_id = models.CharField(max_length=64)
    fence = models.BigIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True)
    # Calls that may still count against the minute and against the calls at once; see governor for the shape.
    calls = models.JSONField(default=list)
    blocked_until = models.DateTimeField(null=True)
    blocked_because = models.CharField(max_length=20, default="", blank=True)
    # How many calls in a row met trouble that is the organisation's as a whole, not a document's.
    troubles = models.PositiveSmallIntegerField(default=0)
    minute_left = models.IntegerField(null=True)
    day_left = models.IntegerField(null=True)
    day_left_at = models.DateTimeField(null=True)
    last_call_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "syncing_lane"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "organisation_id"], name="lane_once_per_organisation")
        ]


class Brake(models.Model):
    """What one provider allows our app as a whole, over all organisations, as it last said when it was little."""

    provider = models.CharField(max_length=20, primary_key=True)
    calls_left = models.IntegerField()
    told_at = models.DateTimeField()

    class Meta:
        db_table = "syncing_brake"


class ContactsCopy(models.Model):
    """The organisation's contacts as last read, as JSON: what a batch of new clients is compared with."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="contacts_copy")
    content = models.TextField()
    read_at = models.DateTimeField()

    class Meta:
        db_table = "syncing_contacts_copy"


class Dispatch(models.Model):
    """One frozen request: the very bytes, the key and the times of sending. Up to a batch of jobs ride on it.

    It is open until the outcome of each of its jobs is known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="dispatches")
    epoch = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=KINDS)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=255)
    body = models.BinaryField()
    key = models.CharField(max_length=128)
    markers = models.JSONField()
    # A reply with verdicts was taken in: it is never sent again, whatever the reply left open.
    is_answered = models.BooleanField(default=False)
    sends = models.PositiveSmallIntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "syncing_dispatch"


class Run(models.Model):
    """Many invoices that somebody asked for at once; their jobs know it, and a person may hold them back together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="runs")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    invoices = models.PositiveIntegerField()
    paused_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "syncing_run"


class Search(models.Model):
    """A look for the numbers of older invoices in the organisation, before any of them is sent.

    `wanted` holds the invoices' ids in order, `searched` how many of them were looked for. It survives restarts: a
    worker goes on from there when `next_at` has come, and is through when `finished_at` is set.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="searches")
    epoch = models.PositiveIntegerField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    issued_from = models.DateField()
    issued_to = models.DateField()
    wanted = models.JSONField()
    searched = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    waiting_because = models.CharField(max_length=30, default="", blank=True)
    problem = models.TextField(default="", blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "syncing_search"

    def is_due(self, now: datetime) -> bool:
        return self.finished_at is None and self.next_at <= now


class Sighting(models.Model):
    """An invoice over there that holds the number of one of ours, as a search saw it."""

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="sightings")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    remote_id = models.CharField(max_length=64)
    status = models.CharField(max_length=20)
    total = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3)
    is_ours = models.BooleanField()

    class Meta:
        db_table = "syncing_sighting"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["search", "invoice", "remote_id"], name="sighting_once_per_remote_invoice")
        ]


class Job(models.Model):
    """One document on its way to one organisation; the row of record. Equal requests share it.

    `dispatch` is the request that left and whose outcome for this job is not known; null at all other times.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        HELD = "held", "Held back by a person, nothing of it has been sent"
        SENDING = "sending", "Sent, outcome not known yet"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        STOPPED = "stopped", "Stopped"

    class Answer(models.TextChoices):
        """What a person said about a failure, beside mending and retrying it."""

        LATER = "later", "Put off: not counted as something to do"
        ASK = "ask", "Ask for the contact, whatever is found there"
        CREATE = "create", "Create the contact, whatever is like it there"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    format_version = models.PositiveSmallIntegerField(default=1)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    # Indexes that begin with the connection stand below; one more would be written with each change of a job.
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="jobs", db_index=False)
    epoch = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=KINDS)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="sync_jobs")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="sync_jobs")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="sync_jobs")
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    priority = models.PositiveSmallIntegerField(default=CLICK)
    attempts = models.PositiveSmallIntegerField(default=0)
    # A batch with it was declined as a whole, so that nobody knows which document was meant.
    goes_alone = models.BooleanField(default=False)
    next_at = models.DateTimeField()
    waiting_because = models.CharField(max_length=30, default="", blank=True)
    refusal = models.JSONField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, default="", blank=True)
    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, null=True, related_name="jobs")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="jobs")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "syncing_job"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "kind", "client", "invoice", "payment"],
                nulls_distinct=False,
                name="job_once_per_document",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.CONTACT.value, client__isnull=False, invoice__isnull=True, payment__isnull=True)
                | Q(kind=Kind.INVOICE.value, client__isnull=True, invoice__isnull=False, payment__isnull=True)
                | Q(
                    kind__in=[Kind.PAYMENT.value, Kind.PAYMENT_DELETION.value],
                    client__isnull=True,
                    invoice__isnull=True,
                    payment__isnull=False,
                ),
                name="job_is_about_one_document",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(dispatch__isnull=False), name="job_sending_has_a_dispatch"
            ),
        ]
        indexes: ClassVar = [
            # Claiming reads the first due rows of one urgency and kind, however many wait behind them; many are due
            # at the same moment, so the id belongs to the order.
            models.Index(
                fields=["connection", "priority", "kind", "next_at", "id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="job_due",
            ),
            models.Index(
                fields=["connection", "next_at"], condition=Q(state__in=["waiting", "sending"]), name="job_due_at_all"
            ),
        ]

    @property
    def may_have_arrived(self) -> bool:
        """Say whether a request of this job left and its outcome is not known."""
        return self.dispatch_id is not None


class Ride(models.Model):
    """One job's place on a frozen request: the sign that tells its answer from the others', and what must be there.

    `declined` keeps a refusal that can't be believed yet, since an earlier sending may have landed.
    """

    id = models.BigAutoField(primary_key=True)
    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="rides", db_index=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="rides")
    marker = models.CharField(max_length=255)
    expected = models.JSONField(default=dict)
    repairs = models.JSONField(default=list)
    declined = models.JSONField(null=True)

    class Meta:
        db_table = "syncing_ride"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispatch", "job"], name="ride_once_per_job"),
            models.UniqueConstraint(fields=["dispatch", "marker"], name="ride_once_per_marker"),
        ]


class LockAnswer(models.Model):
    """What somebody decided for a document whose date falls into a period that is locked over there.

    It holds for the date it was given for (`about`); a document that is dated anew here is asked about anew.
    """

    class Choice(models.TextChoices):
        WAIT = "wait", "Wait until the lock moves"
        DRAFT = "draft", "Leave it as a draft there"
        REDATE = "redate", "Post it with another date"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="lock_answers")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, null=True, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, null=True, related_name="+")
    about = models.DateField()
    choice = models.CharField(max_length=10, choices=Choice.choices)
    dated = models.DateField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "syncing_lock_answer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "invoice", "payment"], nulls_distinct=False, name="lock_answer_once_per_document"
            ),
            models.CheckConstraint(
                condition=Q(invoice__isnull=True) ^ Q(payment__isnull=True), name="lock_answer_about_one_document"
            ),
            models.CheckConstraint(
                condition=Q(choice="redate", dated__isnull=False) | (~Q(choice="redate") & Q(dated__isnull=True)),
                name="lock_answer_dated_if_redated",
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=True) | ~Q(choice="draft"), name="lock_answer_no_draft_payment"
            ),
        ]


class Link(models.Model):
    """Our object and theirs, kept for ever. Belongs to the organisation through its connection."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="links", db_index=False)
    kind = models.CharField(max_length=20, choices=KINDS)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="links")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="links")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="links")
    remote_id = models.CharField(max_length=64)
    remote_label = models.CharField(max_length=255, default="", blank=True)
    # "created": by us; "adopted": ours from a lost reply; "matched" and "chosen": theirs, found or picked;
    # "merged": the contact into which an earlier one was merged there.
    origin = models.CharField(max_length=20, default="created")
    repairs = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "syncing_link"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "kind", "client", "invoice", "payment"],
                nulls_distinct=False,
                name="link_once_per_object",
            ),
            # Two of our invoices or payments are never one of theirs; two clients may share a contact.
            models.UniqueConstraint(
                fields=["connection", "kind", "remote_id"],
                condition=~Q(kind=Kind.CONTACT.value),
                name="link_once_per_remote_document",
            ),
        ]


class Attempt(models.Model):
    """One call, as evidence; rows are only ever added. Each is chained to the one before by its hash."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    sequence = models.PositiveBigIntegerField()
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="tries")
    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, null=True, related_name="tries")
    purpose = models.CharField(max_length=20)
    sent_at = models.DateTimeField()
    seconds = models.FloatField()
    method = models.CharField(max_length=8)
    path = models.TextField()
    key = models.CharField(max_length=128, default="", blank=True)
    status = models.PositiveSmallIntegerField()
    correlation_id = models.CharField(max_length=128, default="", blank=True)
    request_body = models.TextField(default="", blank=True)
    response_body = models.TextField(default="", blank=True)
    problem = models.TextField(default="", blank=True)
    previous_hash = models.CharField(max_length=64, default="", blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "syncing_attempt"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "sequence"], name="attempt_once_per_place_in_chain"),
        ]


class Surprise(models.Model):
    """A refusal of theirs that nothing here had foreseen, counted: each kind points to a rule that preflight lacks."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="surprises")
    code = models.CharField(max_length=40)
    # Their own words; they may name an account or a number, so that one rule may show as several rows.
    message = models.CharField(max_length=500)
    times = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    last_job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "syncing_surprise"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "code", "message"], name="surprise_once_per_message")
        ]
