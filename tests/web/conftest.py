"""Fixtures of the page tests: one workspace, its people, and browsers that are signed in as them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from builders import a_membership, a_workspace
from keito_books.workspaces.models import Membership, Role, Workspace


@pytest.fixture
def workspace(db: None) -> Workspace:
    return a_workspace()


@pytest.fixture
def administrator(workspace: Workspace) -> Membership:
    return a_membership(workspace)


@pytest.fixture
def manager(workspace: Workspace) -> Membership:
    """A Manager with neither of the two toggles."""
    return a_membership(workspace, role=Role.MANAGER)


@pytest.fixture
def member(workspace: Workspace) -> Membership:
    return a_membership(workspace, role=Role.MEMBER)


@pytest.fixture
def browser_of() -> Callable[[Membership], Browser]:
    def signed_in(membership: Membership) -> Browser:
        browser = Browser()
        browser.force_login(membership.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return signed_in


@pytest.fixture
def browser(administrator: Membership, browser_of: Callable[[Membership], Browser]) -> Browser:
    """The administrator's browser."""
    return browser_of(administrator)
