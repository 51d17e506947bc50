"""The demo's contacts and invoices."""

from xero_sandbox.seeds.books import ContactRow, InvoiceRow

BRITISH_CONTACTS = (
    ContactRow("Bluebell Bakeries Ltd", "accounts@bluebellbakeries.example", "Harriet Coombes", "14 Mill Lane",
               "Ludlow", "SY8 1AZ", "United Kingdom", "01584 555 014", "BB-01", "GB 219 4480 12"),
    ContactRow("Castellan Architects LLP", "finance@castellan.example", "Rhys Prosser", "3 Wharf Street",
               "Cardiff", "CF10 4AB", "United Kingdom", "029 5550 0172", "CA-02"),
    ContactRow("Søndergaard Skibsværft A/S", "bogholderi@sondergaard.example", "Mette Søndergaard", "Havnegade 9",
               "Svendborg", "5700", "Denmark", "+45 55 50 12 34", "SS-03", "DK 30715521"),
    ContactRow("Pennine Trail Rail", "payables@penninetrail.example", "Gareth Whitlow", "Station Approach",
               "Hebden Bridge", "HX7 6JE", "United Kingdom", "01422 555 090"),
    ContactRow("Otterbourne Print Works", "hello@otterbourne.example", "Priya Natarajan", "Unit 6, Mead Park",
               "Winchester", "SO21 2EZ", "United Kingdom", "01962 555 023"),
    ContactRow("Larkspur Veterinary Group", "office@larkspurvets.example", "Dr Imogen Vale", "27 Abbey Road",
               "Hexham", "NE46 3NB", "United Kingdom"),
    ContactRow("Quayside Software Rentals", "billing@quaysiderentals.example", "Dean Okafor", "80 Dock Street",
               "Newcastle", "NE1 3DQ", "United Kingdom"),
    ContactRow("Thornbury & Daughters", "post@thornbury.example", "Agnes Thornbury", "2 Market Place",
               "Thornbury", "BS35 2AQ", "United Kingdom", status="ARCHIVED"),
)  # fmt: skip
BRITISH_INVOICES = (
    InvoiceRow("HF-0031", "Bluebell Bakeries Ltd", 96, "AUTHORISED", "200",
               (("Autumn menu design", "1", "1250.00"), ("Menu print run", "400", "0.62")),
               reference="PO 7781", paid="1797.60"),
    InvoiceRow("HF-0032", "Castellan Architects LLP", 74, "AUTHORISED", "205",
               (("Brand workshop, two days", "2", "940.00"),), paid="2256.00"),
    InvoiceRow("HF-0033", "Pennine Trail Rail", 52, "AUTHORISED", "205",
               (("Timetable data clean-up", "37.5", "84.00"), ("Site visit, Todmorden", "1", "118.40")),
               reference="PTR/2026/19", paid="1500.00"),
    InvoiceRow("HF-0034", "Larkspur Veterinary Group", 41, "AUTHORISED", "200",
               (("Appointment reminder cards", "1200", "0.175"),)),
    InvoiceRow("HF-0035", "Søndergaard Skibsværft A/S", 33, "VOIDED", "205",
               (("Translation of tender documents", "11", "65.00"),)),
    InvoiceRow("HF-0036", "Otterbourne Print Works", 18, "AUTHORISED", "260",
               (("Licence for archive photographs", "3", "145.00"),)),
    InvoiceRow("HF-0037", "Castellan Architects LLP", 9, "SUBMITTED", "205",
               (("Exhibition boards, six panels", "6", "212.50"),), reference="CA-EXPO"),
    InvoiceRow("HF-0038", "Bluebell Bakeries Ltd", 4, "DRAFT", "200", (("Winter menu design", "1", "1250.00"),)),
    InvoiceRow("QSR-22871", "Quayside Software Rentals", 27, "AUTHORISED", "463",
               (("Workstation rental, monthly", "4", "79.00"),), type="ACCPAY"),
)  # fmt: skip
NEW_ZEALAND_CONTACTS = (
    ContactRow("Tūī Coffee Roasters", "accounts@tuicoffee.example", "Aroha Ngata", "41 Dixon Street",
               "Wellington", "6011", "New Zealand", "04 555 0182"),
    ContactRow("Rimutaka Outdoor Co", "ap@rimutaka.example", "Callum Baird", "8 Main Street",
               "Greytown", "5712", "New Zealand"),
)  # fmt: skip
NEW_ZEALAND_INVOICES = (
    InvoiceRow("KS-0107", "Tūī Coffee Roasters", 38, "AUTHORISED", "220",
               (("Packaging design, three blends", "3", "780.00"),), paid="2691.00"),
    InvoiceRow("KS-0108", "Rimutaka Outdoor Co", 12, "AUTHORISED", "220",
               (("Catalogue layout", "26", "115.00"),), reference="Spring 2026"),
)  # fmt: skip
AUSTRALIAN_CONTACTS = (
    ContactRow("Coolabah Joinery", "books@coolabah.example", "Bronwyn Tate", "19 Foundry Road",
               "Newtown", "2042", "Australia"),
)  # fmt: skip
AUSTRALIAN_INVOICES = (
    InvoiceRow("WR-0012", "Coolabah Joinery", 20, "AUTHORISED", "200", (("Shopfront drawings", "1", "2100.00"),)),
)  # fmt: skip
