"""Accounts, tax rates, tracking, items, groups and people: what can be written, and what is refused, over HTTP."""

import pytest

from sandbox_client import Client, Json, a_line, an_invoice
from xero_sandbox.testing import RunningSandbox

AN_ACCOUNT: Json = {"Code": "777", "Name": "Workshops", "Type": "REVENUE", "TaxType": "OUTPUT2"}
A_BANK: Json = {"Name": "Savings", "Type": "BANK", "BankAccountNumber": "20445511113333"}
AN_ITEM: Json = {
    "Code": "DAY",
    "Name": "Day of design",
    "Description": "A day in the studio",
    "SalesDetails": {"UnitPrice": 640, "AccountCode": "200", "TaxType": "OUTPUT2"},
    "PurchaseDetails": {"UnitPrice": 400, "AccountCode": "320"},
}
A_RATE: Json = {"Name": "City levy", "TaxComponents": [{"Name": "City", "Rate": 3}, {"Name": "County", "Rate": "1.5"}]}


def test_an_account_is_made_changed_archived_and_deleted(xero: Client) -> None:
    made = xero.put("/Accounts", AN_ACCOUNT)["Accounts"][0]
    address = f"/Accounts/{made['AccountID']}"
    renamed = xero.post(address, {"Name": "Workshops and talks"})["Accounts"][0]
    archived = xero.post(address, {"Status": "ARCHIVED"})["Accounts"][0]
    deleted = xero.call("DELETE", address).json()["Accounts"][0]

    assert (made["Class"], made["Status"]) == ("REVENUE", "ACTIVE")
    assert (renamed["Name"], renamed["Code"], archived["Status"]) == ("Workshops and talks", "777", "ARCHIVED")
    assert deleted["Status"] == "DELETED"
    assert xero.call("GET", address).status_code == 404


def test_a_new_bank_account_takes_payments(xero: Client) -> None:
    bank = xero.put("/Accounts", A_BANK)["Accounts"][0]
    invoice = xero.invoice()

    paid = xero.put(
        "/Payments",
        {
            "Invoice": {"InvoiceID": invoice["InvoiceID"]},
            "Account": {"AccountID": bank["AccountID"]},
            "Date": "2026-10-20",
            "Amount": 1,
        },
    )["Payments"][0]

    assert bank["CurrencyCode"] == "GBP"
    assert paid["Account"]["Name"] == "Savings"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Name": "sales"}, "Please enter a unique Name."),
        ({"Code": "200"}, "Please enter a unique Code."),
        ({"Code": ""}, "Account Code must be specified"),
        ({"Code": "12345678901"}, "Code must not be longer than 10 characters"),
        ({"Name": "x" * 151}, "Name must not be longer than 150 characters"),
        (
            {"TaxType": "TAX999"},
            "The TaxType code TAX999 does not exist or cannot be used for this type of transaction.",
        ),
        ({"Type": "BANK"}, "BankAccountNumber must be specified"),
    ],
)
def test_an_account_that_breaks_a_rule_is_refused(xero: Client, changes: Json, message: str) -> None:
    assert xero.refused("PUT", "/Accounts", AN_ACCOUNT | changes) == [message]


def test_accounts_that_must_stay_stay(xero: Client) -> None:
    accounts = {one["Code"]: one["AccountID"] for one in xero.get("/Accounts")["Accounts"] if "Code" in one}

    assert xero.refused("DELETE", f"/Accounts/{accounts['610']}", None) == [
        "System accounts cannot be changed, archived or deleted"
    ]
    assert xero.refused("POST", f"/Accounts/{accounts['610']}", {"Status": "ARCHIVED"}) == [
        "System accounts cannot be changed, archived or deleted"
    ]
    assert xero.refused("DELETE", f"/Accounts/{accounts['200']}", None) == [
        "The account is used on transactions: archive it instead"
    ]


@pytest.mark.parametrize(("path", "element"), [("/Accounts", AN_ACCOUNT), ("/TaxRates", A_RATE)])
def test_accounts_and_tax_rates_come_one_in_a_call(xero: Client, path: str, element: Json) -> None:
    reply = xero.call("PUT", path, {path[1:]: [element, element]})

    assert reply.status_code == 400
    assert reply.json()["Message"] == f"At most 1 of {path[1:]} in one call"


def test_a_tax_rate_is_made_used_renamed_and_deleted(xero: Client) -> None:
    made = xero.put("/TaxRates", A_RATE)["TaxRates"][0]
    invoice = xero.invoice(LineItems=[a_line(TaxType="TAX003")])
    renamed = xero.post("/TaxRates", {"TaxType": "TAX003", "Name": "Town levy"})["TaxRates"][0]
    deleted = xero.post("/TaxRates", {"TaxType": "TAX003", "Status": "DELETED"})["TaxRates"][0]

    assert (made["TaxType"], float(made["EffectiveRate"])) == ("TAX003", 4.5)
    assert invoice["TotalTax"] == 4.5
    assert (renamed["Name"], deleted["Status"]) == ("Town levy", "DELETED")
    assert "TAX003" in [one["TaxType"] for one in xero.get("/TaxRates")["TaxRates"]]
    assert xero.refused("PUT", "/Invoices", an_invoice(LineItems=[a_line(TaxType="TAX003")])) == [
        "The TaxType code TAX003 does not exist or cannot be used for this type of transaction."
    ]


def test_tax_rates_that_break_a_rule_are_refused(xero: Client) -> None:
    assert xero.refused("PUT", "/TaxRates", {"Name": "Empty"}) == ["A tax rate needs at least one tax component"]
    assert xero.refused("PUT", "/TaxRates", A_RATE | {"Name": "20% (vat on income)"}) == [
        "Tax rate Name must be unique"
    ]
    assert xero.refused("POST", "/TaxRates", {"TaxType": "OUTPUT2", "Name": "x"}) == [
        "Xero's own tax rates cannot be changed"
    ]
    assert xero.refused("POST", "/TaxRates", {"TaxType": "TAX404"}) == ["The tax rate could not be found"]


def test_a_line_beyond_all_bounds_is_refused_whatever_its_tax(xero: Client) -> None:
    xero.put("/TaxRates", {"Name": "All of it", "TaxComponents": [{"Name": "All", "Rate": 100}]})
    vast = a_line(TaxType="TAX003", UnitAmount=9_999_999_999_999, Quantity="9999999999999.9999")

    assert xero.refused("PUT", "/Invoices", an_invoice(LineItems=[vast] * 3)) == [
        "LineAmount must not be more than 9999999999.99"
    ]
    assert xero.refused("PUT", "/TaxRates", {"Name": "More", "TaxComponents": [{"Name": "a", "Rate": 60}] * 2}) == [
        "Tax components need a Name and a Rate from 0 to 100, all together too; at most 10 of them, and one compound"
    ]


def test_two_categories_are_active_at_once_and_four_exist(xero: Client) -> None:
    full = ["An organisation has at most 2 active tracking categories, and 4 in all"]
    before = xero.get("/TrackingCategories")["TrackingCategories"]
    refused = xero.refused("PUT", "/TrackingCategories", {"Name": "Third"})
    for one in before:
        xero.post(f"/TrackingCategories/{one['TrackingCategoryID']}", {"Status": "ARCHIVED"})
    third = xero.put("/TrackingCategories", {"Name": "Third"})["TrackingCategories"][0]
    fourth = xero.put("/TrackingCategories", {"Name": "Fourth"})["TrackingCategories"][0]
    xero.post(f"/TrackingCategories/{fourth['TrackingCategoryID']}", {"Status": "ARCHIVED"})

    assert refused == full
    assert third["Options"] == []
    assert xero.refused("PUT", "/TrackingCategories", {"Name": "Fifth"}) == full
    assert len(xero.get("/TrackingCategories?includeArchived=true")["TrackingCategories"]) == 4


def test_options_are_added_renamed_and_removed_unless_used(xero: Client) -> None:
    category = xero.get("/TrackingCategories")["TrackingCategories"][0]
    address = f"/TrackingCategories/{category['TrackingCategoryID']}"
    added = xero.put(f"{address}/Options", {"Options": [{"Name": "Wales"}, {"Name": "Jersey"}]})["Options"]
    renamed = xero.post(f"{address}/Options/{added[0]['TrackingOptionID']}", {"Name": "Cymru"})["Options"][0]
    xero.invoice(LineItems=[a_line(Tracking=[{"Name": category["Name"], "Option": "Cymru"}])])

    removed = xero.call("DELETE", f"{address}/Options/{added[1]['TrackingOptionID']}").json()["Options"][0]

    assert renamed["Name"] == "Cymru"
    assert (removed["Status"], removed["IsDeleted"]) == ("DELETED", True)
    in_use = ["The tracking is used on transactions: archive it instead"]
    assert xero.refused("DELETE", f"{address}/Options/{added[0]['TrackingOptionID']}", None) == in_use
    assert xero.refused("DELETE", address, None) == in_use
    assert xero.refused("PUT", f"{address}/Options", {"Name": "cymru"}) == ["Name must be unique"]
    assert xero.refused("PUT", f"{address}/Options", {"Name": "x" * 101}) == [
        "Name must not be longer than 100 characters"
    ]


def test_an_unused_category_goes(xero: Client) -> None:
    category = xero.get("/TrackingCategories")["TrackingCategories"][1]
    address = f"/TrackingCategories/{category['TrackingCategoryID']}"

    deleted = xero.call("DELETE", address).json()["TrackingCategories"][0]

    assert deleted["Status"] == "DELETED"
    assert xero.call("GET", address).status_code == 404


def test_an_item_gives_a_line_what_it_leaves_out(xero: Client) -> None:
    xero.put("/Items", AN_ITEM)

    sold = xero.invoice(LineItems=[{"ItemCode": "DAY", "Quantity": 2}, {"ItemCode": "day", "UnitAmount": 5}])
    bought = xero.put("/Invoices", an_invoice(Type="ACCPAY", LineItems=[{"ItemCode": "DAY", "Description": "d"}]))

    assert [(one["Description"], one["LineAmount"]) for one in sold["LineItems"]] == [
        ("A day in the studio", 1280),
        ("A day in the studio", 5),
    ]
    assert sold["LineItems"][0]["AccountCode"] == "200"
    assert sold["LineItems"][0]["Item"]["Name"] == "Day of design"
    assert bought["Invoices"][0]["LineItems"][0]["AccountCode"] == "320"
    assert bought["Invoices"][0]["SubTotal"] == 400


def test_put_refuses_a_code_in_use_and_post_changes_that_item(xero: Client) -> None:
    made = xero.put("/Items", AN_ITEM)["Items"][0]

    refused = xero.refused("PUT", "/Items", AN_ITEM)
    changed = xero.post("/Items", {"Code": "day", "Name": "Studio day", "IsPurchased": False})["Items"][0]

    assert refused == ["Price List Item with Code 'DAY' already exists"]
    assert (changed["ItemID"], changed["Name"]) == (made["ItemID"], "Studio day")
    assert changed["SalesDetails"]["UnitPrice"] == 640
    assert changed["PurchaseDetails"] == {}
    assert "HasValidationErrors" not in changed


def test_items_that_break_a_rule_are_refused(xero: Client) -> None:
    assert xero.refused("PUT", "/Items", {"Name": "no code"}) == ["Item Code must be specified"]
    assert xero.refused("PUT", "/Items", {"Code": "x" * 31}) == ["Code must not be longer than 30 characters"]
    assert xero.refused("PUT", "/Items", {"Code": "X", "SalesDetails": {"AccountCode": "nope"}}) == [
        "Account code 'nope' is not a valid code for this document."
    ]
    assert xero.refused("PUT", "/Invoices", an_invoice(LineItems=[a_line(ItemCode="NONE")])) == [
        "Item code 'NONE' is not valid"
    ]


def test_items_are_found_by_id_and_code_and_deleted(xero: Client) -> None:
    made = xero.put("/Items?unitdp=4", AN_ITEM | {"SalesDetails": {"UnitPrice": "1.2345"}})["Items"][0]

    by_code, by_id = xero.get("/Items/DAY?unitdp=4")["Items"][0], xero.get(f"/Items/{made['ItemID']}")["Items"][0]
    gone = xero.call("DELETE", f"/Items/{made['ItemID']}")

    assert str(by_code["SalesDetails"]["UnitPrice"]) == "1.2345"
    assert str(by_id["SalesDetails"]["UnitPrice"]) == "1.23"
    assert gone.status_code == 204
    assert xero.call("GET", "/Items/DAY").status_code == 404


def test_a_refused_batch_of_items_saves_none(xero: Client) -> None:
    xero.refused("PUT", "/Items", {"Items": [AN_ITEM, {"Name": "no code"}]})

    assert xero.call("GET", "/Items/DAY").status_code == 404


def test_groups_hold_contacts(xero: Client) -> None:
    contact_id = xero.contact()
    group = xero.put("/ContactGroups", {"Name": "Press"})["ContactGroups"][0]
    address = f"/ContactGroups/{group['ContactGroupID']}"

    xero.put(f"{address}/Contacts", {"Contacts": [{"ContactID": contact_id}]})
    members = xero.get(address)["ContactGroups"][0]["Contacts"]
    seen_from_contact = xero.get(f"/Contacts/{contact_id}")["Contacts"][0]["ContactGroups"]
    removed = xero.call("DELETE", f"{address}/Contacts/{contact_id}")

    assert [one["ContactID"] for one in members] == [contact_id]
    assert [one["Name"] for one in seen_from_contact] == ["Press"]
    assert removed.status_code == 204
    assert xero.get(address)["ContactGroups"][0]["Contacts"] == []
    assert xero.refused("PUT", "/ContactGroups", {"Name": "press"}) == ["Contact group Name must be unique"]
    xero.post(address, {"Status": "DELETED"})
    assert xero.call("GET", address).status_code == 404


def test_people_and_themes_are_told(xero: Client) -> None:
    users = xero.get("/Users")["Users"]
    theme = xero.get("/BrandingThemes")["BrandingThemes"][0]

    assert users[0]["OrganisationRole"] == "FINANCIALADVISER"
    assert xero.get(f"/Users/{users[0]['UserID']}")["Users"] == users[:1]
    assert xero.get(f"/BrandingThemes/{theme['BrandingThemeID']}")["BrandingThemes"] == [theme]


def test_a_currency_is_subscribed_once_and_then_usable(xero: Client) -> None:
    xero.put("/Currencies", {"Code": "SEK", "Description": "Swedish Krona"})

    assert xero.invoice(CurrencyCode="SEK", CurrencyRate=13)["CurrencyCode"] == "SEK"
    assert xero.refused("PUT", "/Currencies", {"Code": "SEK"}) == [
        "Organisation is already subscribed to this currency"
    ]


def test_settings_are_for_those_who_may(sandbox: RunningSandbox) -> None:
    reader = Client(sandbox, "Wattle Row Pty Ltd")
    replies = [reader.call("PUT", path, body) for path, body in (("/Accounts", AN_ACCOUNT), ("/Items", AN_ITEM))]
    reader.http.close()

    assert [one.status_code for one in replies] == [403, 403]


def test_writing_settings_needs_more_than_the_scope_to_read_them(sandbox: RunningSandbox) -> None:
    narrow = Client(sandbox, scopes="accounting.settings.read")
    refused = narrow.call("PUT", "/Items", AN_ITEM)
    narrow.http.close()

    assert refused.status_code == 401
