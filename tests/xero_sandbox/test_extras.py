"""Attachments, history, e-mail, PDF and the address online, over HTTP."""

import pytest

from sandbox_client import Client, Json, a_line
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"
NOBODY = "7be578f5-63af-45c8-9b00-dcc4732baf0b"
PNG = b"\x89PNG\r\n\x1a\n not much of a picture \x00\xff"


def attach(xero: Client, address: str, content: bytes = PNG, method: str = "PUT", kind: str = "image/png") -> Json:
    reply = xero.call(method, address, content, Content_Type=kind)
    assert reply.status_code == 200, reply.text
    attached: Json = reply.json()["Attachments"][0]
    return attached


def test_a_file_comes_back_byte_for_byte_by_name_and_by_id(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice()
    address = f"/Invoices/{invoice['InvoiceID']}/Attachments"

    attached = attach(xero, f"{address}/site%20plan.png?IncludeOnline=true")
    by_name = xero.call("GET", f"{address}/site%20plan.png", Accept="application/octet-stream")
    by_id = xero.call("GET", f"{address}/{attached['AttachmentID']}", Accept="image/png")

    assert attached["FileName"] == "site plan.png"
    assert (attached["MimeType"], attached["ContentLength"]) == ("image/png", len(PNG))
    assert attached["IncludeOnline"] is True
    assert attached["Url"] == f"{sandbox.url}/api.xro/2.0{address}/site%20plan.png"
    assert by_name.content == by_id.content == PNG
    assert by_name.headers["content-type"] == "image/png"
    assert xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]["HasAttachments"] is True
    assert xero.get(f"{address}/")["Attachments"][0]["AttachmentID"] == attached["AttachmentID"]


def test_put_adds_and_post_writes_over(xero: Client) -> None:
    address = f"/Invoices/{xero.invoice()['InvoiceID']}/Attachments"
    first = attach(xero, f"{address}/a.txt", b"one", kind="text/plain")
    attach(xero, f"{address}/a.txt", b"two", kind="text/plain")

    over = attach(xero, f"{address}/A.txt", b"three", "POST", "text/plain")

    assert (over["AttachmentID"], over["ContentLength"]) == (first["AttachmentID"], 5)
    assert "IncludeOnline" not in over
    assert xero.call("GET", f"{address}/a.txt").content == b"three"
    assert len(xero.get(address)["Attachments"]) == 2


def test_an_eleventh_file_a_bad_name_and_an_empty_file_are_refused(xero: Client) -> None:
    address = f"/Invoices/{xero.invoice()['InvoiceID']}/Attachments"
    for number in range(10):
        attach(xero, f"{address}/{number}.png")
    other = f"/Invoices/{xero.invoice()['InvoiceID']}/Attachments"

    assert xero.refused("PUT", f"{address}/10.png", PNG) == ["At most 10 attachments for one object"]
    attach(xero, f"{address}/9.png", method="POST")
    for name in ("a%3Cb.png", "a%3Ab.png", "a%5Cb.png", "a%7Cb.png", "a%3Fb.png", "a%2Ab.png", "a+b.png", "a%00b.png"):
        assert "file name" in xero.refused("PUT", f"{other}/{name}", PNG)[0]
    assert xero.refused("PUT", f"{other}/a.png", b"") == ["The attachment holds nothing"]
    assert xero.call("PUT", f"/Invoices/{NOBODY}/Attachments/a.png", PNG).status_code == 404
    assert xero.call("GET", f"{other}/none.png").status_code == 404


def test_a_file_may_be_larger_than_other_bodies_and_has_its_own_limit(xero: Client) -> None:
    address = f"/Invoices/{xero.invoice()['InvoiceID']}/Attachments"

    assert attach(xero, f"{address}/large.bin", b"x" * 4_000_000)["ContentLength"] == 4_000_000
    assert xero.call("PUT", f"{address}/huge.bin", b"x" * 10_000_001).status_code == 413


@pytest.mark.parametrize("noun", ["CreditNotes", "Contacts", "Accounts"])
def test_other_things_carry_files_too(xero: Client, noun: str) -> None:
    if noun == "CreditNotes":
        xero.put(
            "/CreditNotes",
            {"Type": "ACCRECCREDIT", "Contact": {"Name": "Bluebell Bakeries Ltd"}, "LineItems": [a_line()]},
        )
    one = xero.get(f"/{noun}?page=1")[noun][0]
    address = f"/{noun}/{one[noun[:-1] + 'ID']}"

    attach(xero, f"{address}/Attachments/note.png", kind="application/octet-stream")

    assert xero.get(address)[noun][0]["HasAttachments"] is True
    assert xero.get(f"{address}/Attachments")["Attachments"][0]["MimeType"] == "image/png"


def test_files_need_their_own_scope(sandbox: RunningSandbox) -> None:
    xero = Client(sandbox, scopes="accounting.invoices accounting.attachments.read")
    invoice = xero.invoice()
    address = f"/Invoices/{invoice['InvoiceID']}/Attachments"
    reading, writing = xero.call("GET", address), xero.call("PUT", f"{address}/a.png", PNG)
    xero.http.close()

    assert (reading.status_code, writing.status_code) == (200, 401)


def test_history_tells_what_happened_and_takes_notes(xero: Client) -> None:
    invoice = xero.invoice()
    address = f"/Invoices/{invoice['InvoiceID']}/History"
    xero.post(f"/Invoices/{invoice['InvoiceID']}", {"Reference": "PO 3"})

    noted = xero.put(address, {"HistoryRecords": [{"Details": "Chased by phone"}]})["HistoryRecords"][0]
    told = xero.get(address)["HistoryRecords"]

    assert noted["Details"] == "Chased by phone"
    assert noted["ValidationErrors"] == []
    assert [one["Changes"] for one in told] == ["Note", "Edited", "Created"]
    assert told[0]["User"] == "System Generated"
    assert told[1]["User"] == "Marion Ashdown"


def test_history_of_contacts_payments_and_items(xero: Client) -> None:
    contact_id, item = xero.contact(), xero.put("/Items", {"Code": "X"})["Items"][0]
    payment = xero.get("/Payments")["Payments"][0]

    for address in (f"/Contacts/{contact_id}", f"/Items/{item['ItemID']}", f"/Payments/{payment['PaymentID']}"):
        xero.put(f"{address}/History", {"HistoryRecords": [{"Details": "seen"}]})
        assert xero.get(f"{address}/History")["HistoryRecords"][0]["Details"] == "seen"


@pytest.mark.parametrize("noun", ["Invoices", "CreditNotes", "Contacts", "Payments"])
def test_history_of_what_is_not_there_is_400(xero: Client, noun: str) -> None:
    said = ["The document with the supplied id was not found for this endpoint."]

    assert xero.refused("GET", f"/{noun}/{NOBODY}/History", None) == said
    assert xero.refused("PUT", f"/{noun}/{NOBODY}/History", {"Details": "x"}) == said


def test_notes_have_a_length(xero: Client) -> None:
    address = f"/Invoices/{xero.invoice()['InvoiceID']}/History"

    assert xero.refused("PUT", address, {"Details": "x" * 2501}) == ["Details must not be longer than 2500 characters"]
    assert xero.refused("PUT", address, {"Details": " "}) == ["Details must be specified"]


def test_a_demo_company_sends_no_mail_until_it_may(sandbox: RunningSandbox, xero: Client) -> None:
    contact = {"Name": "Bluebell Bakeries Ltd"}
    invoice = xero.invoice(Contact=contact)
    address = f"/Invoices/{invoice['InvoiceID']}/Email"

    before = xero.refused("POST", address, b"")
    sandbox.bookkeeper(BRITISH, "allow emails", emails=1)
    sent = xero.call("POST", address, b"")
    after = xero.refused("POST", address, b"")
    sandbox.advance(24 * 3600)
    xero = Client(sandbox)
    next_day = xero.call("POST", address, b"")
    shown = xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]
    xero.http.close()

    assert before == after == ["The limit of e-mails for today is reached"]
    assert (sent.status_code, sent.content) == (204, b"")
    assert next_day.status_code == 204
    assert shown["SentToContact"] is True


def test_drafts_bills_and_contacts_without_address_take_no_mail(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "allow emails", emails=5)
    draft = xero.invoice(Status="DRAFT")
    bare = xero.invoice(Contact={"Name": "Nobody at all"})

    assert xero.refused("POST", f"/Invoices/{draft['InvoiceID']}/Email", b"") == [
        "Only SUBMITTED, AUTHORISED and PAID sales invoices can be sent by e-mail"
    ]
    assert xero.refused("POST", f"/Invoices/{bare['InvoiceID']}/Email", b"") == ["The contact has no e-mail address"]


def test_approved_sales_have_an_address_online(xero: Client) -> None:
    invoice, draft = xero.invoice(), xero.invoice(Status="DRAFT")

    shown = xero.get(f"/Invoices/{invoice['InvoiceID']}/OnlineInvoice")["OnlineInvoices"]

    assert shown[0]["OnlineInvoiceUrl"].startswith("https://in.xero.com/")
    assert xero.refused("GET", f"/Invoices/{draft['InvoiceID']}/OnlineInvoice", None) == [
        "Only sales invoices beyond draft can be seen online"
    ]


def test_an_invoice_prints_as_a_pdf(xero: Client) -> None:
    lines = [a_line(Description=f"Day {number} (of many) \\ at Kōwhai's £5") for number in range(90)]
    invoice = xero.invoice(LineItems=lines)

    by_path = xero.call("GET", f"/Invoices/{invoice['InvoiceID']}/pdf", Accept="application/pdf")
    by_type = xero.call("GET", f"/Invoices/{invoice['InvoiceID']}", Accept="application/pdf")

    assert by_path.headers["content-type"] == "application/pdf"
    assert by_path.content == by_type.content
    assert by_path.content.startswith(b"%PDF-1.4\n")
    assert by_path.content.endswith(b"%%EOF\n")
    assert b"/Count 2" in by_path.content
    assert b"Day 3 \\(of many\\) \\\\ at Kowhai's \xa35" in by_path.content
    start = int(by_path.content.rpartition(b"startxref\n")[2].split()[0])
    assert by_path.content[start:].startswith(b"xref\n0 8\n")
