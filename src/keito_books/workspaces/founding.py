"""Open a workspace for a company, with its first Administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from keito_books.workspaces import audit
from keito_books.workspaces.audit import Subject
from keito_books.workspaces.errors import InvalidDetail
from keito_books.workspaces.models import Membership, Person, Plan, Role, Workspace

_SLUG_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Founder:
    """The first Administrator, as typed. Somebody with an account keeps their name and password."""

    email: str
    name: str
    password: str


@transaction.atomic
def found_workspace(name: str, currency: str, time_zone: str, *, founder: Founder, now: datetime) -> Membership:
    """Open a Business workspace and return its founder's membership. Raises InvalidDetail."""
    workspace = Workspace(
        name=name.strip(),
        slug=_free_slug(name),
        plan=Plan.BUSINESS,
        currency=currency.upper(),
        time_zone=time_zone,
        created_at=now,
    )
    try:
        workspace.full_clean()
        _ = workspace.zone
    except (ValidationError, KeyError, ValueError) as error:
        raise InvalidDetail(_sentence(error), field="name") from error
    workspace.save(force_insert=True)
    person = Person.objects.filter(email=founder.email.strip().lower()).first() or _new_person(founder)
    member = Membership.objects.create(workspace=workspace, person=person, role=Role.ADMINISTRATOR)
    subject = Subject("person", person.id, str(person))
    details = {"role": member.get_role_display()}
    audit.record("person.added", workspace=workspace, at=now, person=person, subject=subject, details=details)
    return member


def _new_person(founder: Founder) -> Person:
    person = Person(email=founder.email.strip().lower(), name=founder.name.strip())
    try:
        validate_email(person.email)
        validate_password(founder.password, user=person)
    except ValidationError as error:
        raise InvalidDetail(_sentence(error), field="email") from error
    return Person.objects.create_user(person.email, person.name, founder.password)


def _free_slug(name: str) -> str:
    slug = slugify(name)[:_SLUG_LENGTH].strip("-") or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(each for each in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return "Choose a time zone such as Europe/London."
