"""The frame of every page: its own look, a banner that says it is not Xero, no script, nothing from afar."""

from starlette.responses import HTMLResponse

from xero_sandbox.html import Markup, join, tag

STYLESHEET = "/_sandbox/style.css"
LINKS = (
    ("/_sandbox/", "Organisations"),
    ("/_sandbox/log", "Requests"),
    ("/_sandbox/deliveries", "Webhooks"),
    ("/_sandbox/usage", "Limits"),
    ("/_sandbox/controls", "Clock and faults"),
)


def page(
    title: str,
    *body: Markup,
    here: str = "",
    navigation: bool = True,
    form_action: str = "'self'",
    status: int = 200,
) -> HTMLResponse:
    """Return a whole page. `form_action` widens the policy where a form ends in a redirect elsewhere."""
    menu = tag("nav", [_link(address, text, here) for address, text in LINKS], aria_label="Sandbox")
    document = join(
        [
            Markup("<!doctype html>"),
            tag(
                "html",
                tag(
                    "head",
                    tag("meta", charset="utf-8"),
                    tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
                    tag("meta", name="color-scheme", content="light dark"),
                    tag("title", f"{title} · Xero sandbox"),
                    tag("link", rel="stylesheet", href=STYLESHEET),
                    tag("link", rel="icon", href="data:,"),
                ),
                tag(
                    "body",
                    tag("a", "Skip to the content", class_="skip", href="#content"),
                    tag(
                        "header",
                        tag(
                            "p",
                            tag("strong", "Xero sandbox"),
                            ": not Xero. Nothing here is real.",
                            class_="banner",
                        ),
                        menu if navigation else None,
                    ),
                    tag("main", *body, id="content"),
                ),
                lang="en-GB",
            ),
        ]
    )
    return HTMLResponse(document, status, headers=_headers(form_action))


def _link(address: str, text: str, here: str) -> Markup:
    return tag("a", text, href=address, aria_current="page" if address == here else None)


def _headers(form_action: str) -> dict[str, str]:
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {form_action}"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
