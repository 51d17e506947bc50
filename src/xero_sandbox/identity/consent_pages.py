"""What a person sees on the way: who are you, what does the app want, for which organisation."""

from starlette.responses import HTMLResponse

from xero_sandbox.html import Markup, join, tag
from xero_sandbox.identity.authorize_request import AuthorizeRefused
from xero_sandbox.identity.connections import live_connection
from xero_sandbox.identity.scopes import IDENTITY, PLAIN_WORDS
from xero_sandbox.identity.state import Flow, Person
from xero_sandbox.pages.layout import page
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.world import World

# Browsers hold form-action against the redirect that answers the form, so it names every kind of
# address that an app may have registered.
_FORM_ACTION = "'self' https: http://localhost:*"


def organisations_of(world: World, user: Person) -> list[Organisation]:
    return [world.organisations[one] for one in user.roles if one in world.organisations]


def sign_in_page(world: World, flow: Flow, problem: str = "") -> HTMLResponse:
    app = world.identity.apps[flow.client_id]
    people = [_person(person) for person in world.identity.people.values()]
    return _page(
        "Sign in",
        _step(app.name, "step 1 of 2"),
        tag("h1", "Who is signing in?"),
        tag("p", "These people belong to the sandbox and need no password.", class_="quiet"),
        _alert(problem),
        _form(
            flow,
            tag("ul", people, class_="people"),
            tag("p", _button("Cancel", "answer", "cancel"), class_="actions"),
        ),
        status=422 if problem else 200,
    )


def consent_page(world: World, flow: Flow, problem: str = "") -> HTMLResponse:
    app, user = world.identity.apps[flow.client_id], world.identity.people[flow.user_id]
    organisations = organisations_of(world, user)
    return _page(
        f"Allow {app.name}",
        _step(app.name, "step 2 of 2"),
        tag("h1", f"{app.name} asks for access"),
        tag(
            "p",
            f"You are signed in as {user.name}. ",
            tag("a", "Not you?", href=f"/identity/connect/sign-in?flow={flow.id}"),
            class_="quiet",
        ),
        _alert(problem),
        _form(
            flow,
            _wishes(flow),
            _choice(world, flow, user, organisations) if organisations else _no_organisation(user),
            tag(
                "p",
                _button("Allow access", "answer", "allow", primary=True) if organisations else None,
                # The choice above must not stand in the way of saying no.
                _button("Cancel", "answer", "cancel", formnovalidate=True),
                class_="actions",
            ),
        ),
        _for_developers(flow),
        status=422 if problem else 200,
    )


def refused_page(refusal: AuthorizeRefused) -> HTMLResponse:
    return _page(
        "Sorry, something went wrong",
        tag("h1", "Sorry, this app can't connect"),
        tag("p", refusal.what),
        tag("p", refusal.remedy),
        tag("p", "Error: ", tag("code", refusal.error)),
        tag(
            "p",
            "As at Xero, such a mistake is shown here and you are not sent back to the app.",
            class_="quiet",
        ),
        status=400,
    )


def ended_page() -> HTMLResponse:
    return _page(
        "This sign-in has ended",
        tag("h1", "This sign-in has ended"),
        tag("p", "It was answered already, is more than 15 minutes old, or was started in another browser."),
        tag("p", "Nothing was changed now. Go back to the app and connect again."),
        status=400,
    )


def _page(title: str, *body: Markup, status: int = 200) -> HTMLResponse:
    column = tag("div", *body, class_="narrow")
    return page(title, column, navigation=False, form_action=_FORM_ACTION, status=status)


def _alert(problem: str) -> Markup:
    return tag("p", problem, class_="alert", role="alert") if problem else Markup("")


def _form(flow: Flow, *children: Markup) -> Markup:
    return tag(
        "form",
        tag("input", type="hidden", name="flow", value=flow.id),
        *children,
        method="post",
        action="/identity/connect/authorize",
    )


def _button(text: str, name: str, value: str, *, primary: bool = False, formnovalidate: bool = False) -> Markup:
    return tag(
        "button",
        text,
        type="submit",
        name=name,
        value=value,
        class_="primary" if primary else None,
        formnovalidate=formnovalidate,
    )


def _step(app_name: str, step: str) -> Markup:
    return tag("p", f"Connect {app_name} · {step}", class_="step")


def _person(person: Person) -> Markup:
    initials = person.given_name[:1] + person.family_name[:1]
    return tag(
        "li",
        tag(
            "button",
            tag("span", initials, class_="initials", aria_hidden="true"),
            tag(
                "span",
                tag("strong", person.name),
                tag("span", person.email),
                tag("span", person.about, class_="quiet"),
                class_="lines",
            ),
            type="submit",
            name="user",
            value=person.user_id,
            class_="person",
        ),
    )


def _wishes(flow: Flow) -> Markup:
    about_you = [PLAIN_WORDS[scope] for scope in flow.scopes if scope in IDENTITY]
    in_the_books = [PLAIN_WORDS[scope] for scope in flow.scopes if scope not in IDENTITY]
    return tag(
        "section",
        _wish_list("In the organisation you choose, it will be able to", in_the_books),
        _wish_list("Besides, it will be able to" if in_the_books else "It will be able to", about_you),
        class_="sheet",
    )


def _wish_list(title: str, wishes: list[str]) -> Markup:
    if not wishes:
        return Markup("")
    return join([tag("h2", title), tag("ul", [tag("li", wish) for wish in wishes], class_="wishes")])


def _choice(world: World, flow: Flow, user: Person, organisations: list[Organisation]) -> Markup:
    kind = "checkbox" if flow.many else "radio"
    only = len(organisations) == 1
    return tag(
        "fieldset",
        tag("legend", "Choose one or more organisations" if flow.many else "Choose an organisation"),
        [
            tag(
                "label",
                tag(
                    "input",
                    type=kind,
                    name="organisation",
                    value=one.organisation_id,
                    checked=only,
                    required=not flow.many,
                ),
                tag(
                    "span",
                    tag("strong", one.name),
                    tag("span", _standing(world, flow, user, one), class_="quiet"),
                    class_="lines",
                ),
                class_="choice",
            )
            for one in organisations
        ],
        class_="sheet",
    )


def _standing(world: World, flow: Flow, user: Person, organisation: Organisation) -> str:
    role = user.roles[organisation.organisation_id]
    connected = live_connection(
        world.identity,
        client_id=flow.client_id,
        user_id=user.user_id,
        tenant_id=organisation.organisation_id,
    )
    words = f"{organisation.country}, books in {organisation.base_currency}. Your role: {role}."
    return f"{words} Connected already." if connected else words


def _no_organisation(user: Person) -> Markup:
    return tag(
        "p",
        f"{user.name} belongs to no organisation, so there is nothing to connect. Cancel, or sign in as somebody else.",
        class_="alert",
    )


def _for_developers(flow: Flow) -> Markup:
    facts = {
        "Client id": flow.client_id,
        "Returns to": flow.redirect_uri,
        "Scopes": " ".join(flow.scopes),
        "PKCE": "S256" if flow.code_challenge else "not used",
    }
    rows = [[tag("dt", name), tag("dd", tag("code", value))] for name, value in facts.items()]
    return tag(
        "details",
        tag("summary", "What the app sent"),
        tag("dl", rows, class_="facts"),
    )
