"""Authorisations in progress: each belongs to one browser, lives 15 minutes and is answered once."""

import secrets
from datetime import datetime, timedelta

from xero_sandbox.identity.authorize_request import AuthorizeRequest
from xero_sandbox.identity.state import Flow, IdentityState

FLOW_LIFE = timedelta(minutes=15)
FLOWS_MAX = 1_000


class FlowEnded(Exception):
    """Unknown, answered before, too old, or started in another browser."""


def start_flow(state: IdentityState, asked: AuthorizeRequest, *, browser: str, now: datetime) -> Flow:
    kept = [known for known in state.flows.values() if now < known.started_at + FLOW_LIFE]
    state.flows = {known.id: known for known in kept[-FLOWS_MAX + 1 :]}
    flow = Flow(
        id=secrets.token_urlsafe(32),
        browser=browser,
        client_id=asked.app.client_id,
        redirect_uri=asked.redirect_uri,
        scopes=asked.scopes,
        state=asked.state,
        nonce=asked.nonce,
        code_challenge=asked.code_challenge,
        many=asked.many,
        started_at=now,
    )
    state.flows[flow.id] = flow
    return flow


def flow_of(state: IdentityState, flow_id: str, *, browser: str | None, now: datetime) -> Flow:
    """Return the flow if this browser started it; raises FlowEnded. This is what stops forged consents."""
    flow = state.flows.get(flow_id)
    if flow is None or now >= flow.started_at + FLOW_LIFE:
        raise FlowEnded
    if browser is None or not secrets.compare_digest(browser.encode(), flow.browser.encode()):
        raise FlowEnded
    return flow


def finish_flow(state: IdentityState, flow: Flow) -> None:
    state.flows.pop(flow.id, None)
