// Drive the sandbox with Xero's own SDK for Node, and print what it understood as JSON.
// Started with --require aim.js, which sends what is meant for Xero's hosts to the sandbox.
const { readFileSync } = require("node:fs");
const { XeroClient } = require("xero-node");

const given = JSON.parse(readFileSync(0, "utf8"));
const tenant = given.tenant_id;
const dated = "2026-10-05", due = "2026-11-04";
const told = {};

const money = (value) => Number(value).toFixed(2);
const day = (value) => new Date(value).toISOString().slice(0, 10);
const line = (changes = {}) => ({ description: "Day", quantity: 1, unitAmount: 100, accountCode: "200", ...changes });
const anInvoice = (number, contactID, changes = {}) => ({
  type: "ACCREC", invoiceNumber: number, contact: { contactID }, date: dated, dueDate: due, status: "AUTHORISED",
  lineItems: [line()], ...changes,
});

async function drive() {
  const xero = new XeroClient({
    clientId: given.client_id, clientSecret: given.client_secret,
    redirectUris: ["http://localhost:8000/callback"], scopes: given.token.scope,
  });
  await xero.initialize();
  xero.setTokenSet(given.token);
  const renewed = await xero.refreshToken();
  told.refreshed = renewed.refresh_token !== given.token.refresh_token;

  const connections = await xero.updateTenants(false);
  told.connections = connections.map((one) => [one.tenantName, one.tenantType, one.tenantId === tenant]);

  const api = xero.accountingApi;
  const organisation = (await api.getOrganisations(tenant)).body.organisations[0];
  told.organisation = [organisation.name, organisation.baseCurrency, organisation.version];
  const accounts = (await api.getAccounts(tenant, undefined, 'Status=="ACTIVE"')).body.accounts;
  const sales = accounts.find((one) => one.code === "200");
  told.account = [sales.name, sales.type, sales.taxType];
  const bank = accounts.find((one) => one.type === "BANK");
  const rate = (await api.getTaxRates(tenant)).body.taxRates.find((one) => one.taxType === "OUTPUT2");
  told.tax_rate = [rate.name, money(rate.effectiveRate)];
  const tracking = (await api.getTrackingCategories(tenant)).body.trackingCategories;
  told.tracking = tracking.map((one) => [one.name, one.options.length]);

  const contacts = { contacts: [{ name: "Bramble Books", emailAddress: "post@bramble.example" }] };
  const contact = (await api.createContacts(tenant, contacts)).body.contacts[0];
  told.contact = [contact.name, contact.emailAddress, contact.contactStatus];

  const asked = { invoices: [
    anInvoice("SDK-1", contact.contactID),
    anInvoice("SDK-2", contact.contactID, { lineItems: [line({ accountCode: "nope" })] }),
    anInvoice("SDK-3", contact.contactID, { lineItems: [line({ quantity: 3, unitAmount: 33.33 })] }),
  ] };
  const first = (await api.createInvoices(tenant, asked, false, undefined, "sdk-1")).body.invoices;
  const again = (await api.createInvoices(tenant, asked, false, undefined, "sdk-1")).body.invoices;
  told.batch = first.map((one) =>
    [one.statusAttributeString, one.hasErrors, (one.validationErrors || []).map((error) => error.message)]);
  told.totals = [first[0], first[2]].map((one) => [money(one.subTotal), money(one.totalTax), money(one.total)]);
  told.replayed = first.every((one, at) => one.invoiceID === again[at].invoiceID);
  try {
    await api.createInvoices(tenant, { invoices: [anInvoice("SDK-1", contact.contactID)] });
  } catch (problem) {
    const body = (typeof problem === "string" ? JSON.parse(problem) : problem).response.body;
    told.refused = body.Elements[0].ValidationErrors[0].Message;
  }

  const invoice = { invoiceID: first[0].invoiceID };
  const read = async () => (await api.getInvoice(tenant, invoice.invoiceID)).body.invoices[0];
  const payments = { payments: [{ invoice, account: { accountID: bank.accountID }, date: "2026-10-20", amount: 50 }] };
  const payment = (await api.createPayments(tenant, payments)).body.payments[0];
  const partPaid = await read();
  told.payment = [money(payment.amount), payment.status, money(partPaid.amountDue), day(partPaid.date)];
  const deleted = (await api.deletePayment(tenant, payment.paymentID, { status: "DELETED" })).body.payments[0];
  told.deleted = [deleted.status, money((await read()).amountDue)];

  const notes = { creditNotes: [{
    type: "ACCRECCREDIT", contact: { contactID: contact.contactID }, date: dated, status: "AUTHORISED",
    lineItems: [line({ unitAmount: 25 })],
  }] };
  const note = (await api.createCreditNotes(tenant, notes)).body.creditNotes[0];
  const allocations = { allocations: [{ invoice, amount: 30, date: dated }] };
  const allocated = await api.createCreditNoteAllocation(tenant, note.creditNoteID, allocations);
  const allocation = allocated.body.allocations[0];
  told.credit = [money(note.total), money(allocation.amount), money((await read()).amountCredited)];

  const plan = Buffer.from("a plan");
  const sent = await api.createInvoiceAttachmentByFileName(
    tenant, invoice.invoiceID, "plan.txt", plan, undefined, undefined, { headers: { "Content-Type": "text/plain" } });
  told.attachment = [sent.body.attachments[0].fileName, sent.body.attachments[0].contentLength];
  const fetched = await api.getInvoiceAttachmentByFileName(
    tenant, invoice.invoiceID, "plan.txt", "application/octet-stream");
  told.fetched = fetched.body.toString();

  const voiding = { invoices: [{ status: "VOIDED" }] };
  told.voided = (await api.updateInvoice(tenant, first[2].invoiceID, voiding)).body.invoices[0].status;
  told.pages = [];
  for (const page of [1, 2, 3]) {
    const listed = await api.getInvoices(
      tenant, undefined, 'Contact.Name=="Bramble Books"', "InvoiceNumber ASC", undefined, undefined, undefined,
      undefined, page, undefined, undefined, undefined, undefined, 1);
    told.pages.push(listed.body.invoices.map((one) => [one.invoiceNumber, one.status, one.lineItems.length]));
  }
  process.stdout.write(JSON.stringify(told));
}

drive().catch((problem) => {
  process.stderr.write(String(problem && problem.stack || problem).slice(0, 4000));
  process.exit(1);
});
