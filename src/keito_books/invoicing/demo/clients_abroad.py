"""The demo's clients in other countries, in the scripts of those countries."""

from __future__ import annotations

from keito_books.invoicing.demo.clients import DemoClient, who
from keito_books.invoicing.drafts import ClientDetails


def _abroad(name: str, street: str, city: str, country: str, currency: str = "GBP") -> ClientDetails:
    return ClientDetails(name=name, street=street, city=city, country=country, currency=currency)


CLIENTS_ABROAD = (
    DemoClient(
        "muller",
        _abroad("Müller & Söhne Gerätebau GmbH", "Königstraße 41", "Stuttgart", "Germany", "EUR"),
        who("Jürgen", "Müller", "buchhaltung@mueller-soehne.example"),
        (("MS-KAT", "Produktkatalog"),),
    ),
    DemoClient(
        "cafe",
        _abroad("Café Crème Brûlée SARL", "12 rue de l'Échiquier", "Paris", "France", "EUR"),
        who("Élodie", "Lefèvre", "compta@creme-brulee.example"),
    ),
    DemoClient(
        "nino",
        _abroad("El Niño Señalización S.A.", "Calle Peñíscola 8", "València", "Spain", "EUR"),
        who("Íñigo", "Muñoz", "facturas@elnino.example"),
    ),
    DemoClient(
        "smorgas",
        _abroad("Ångström Ljus & Ljud AB", "Östra Hamngatan 17", "Göteborg", "Sweden", "EUR"),
        who("Åsa", "Öberg", "asa@angstrom.example"),
    ),
    DemoClient(
        "zolty",
        _abroad("Żółta Łódź Sp. z o.o.", "ul. Świętokrzyska 3", "Łódź", "Poland", "EUR"),
        who("Łucja", "Wójcik", "faktury@zoltalodz.example"),
    ),
    DemoClient(
        "summit",
        _abroad("Summit Ridge Outfitters, Inc.", "1600 Pearl Street", "Boulder, CO", "United States", "USD"),
        who("Casey", "Rivera", "ap@summitridge.example"),
        (("SRO-LOY", "Loyalty programme"),),
    ),
    DemoClient(
        "bayou",
        _abroad("Bayou Bytes LLC", "400 Poydras Street", "New Orleans, LA", "United States", "USD"),
        who("Dana", "Fontenot", "dana@bayoubytes.example"),
    ),
    DemoClient(
        "hellas",
        _abroad("Ελληνική Ναυτιλία Α.Ε.", "Ακτή Μιαούλη 33", "Πειραιάς", "Greece", "EUR"),
        who("Ελένη", "Παπαδοπούλου", "logistirio@nautilia.example"),
    ),
    DemoClient(
        "zorya",
        _abroad("Зоря Друкарня ТОВ", "вул. Хрещатик 22", "Київ", "Ukraine"),
        who("Оксана", "Шевченко", "oksana@zorya.example"),
    ),
    DemoClient(
        "noor",
        _abroad("شركة النور للتصميم والطباعة", "شارع الملك فيصل ١٢", "عمّان", "Jordan"),
        who("ليلى", "حدّاد", "layla@noor.example"),
    ),
    DemoClient(
        "shalom",
        _abroad('סטודיו שלום לעיצוב בע"מ', "רחוב דיזנגוף 99", "תל אביב", "Israel"),
        who("נועה", "לוי", "noa@shalom.example"),
    ),
    DemoClient(
        "sakura",
        _abroad("株式会社さくらデザイン研究所", "千代田区丸の内1丁目", "東京", "Japan"),
        who("美咲", "佐藤", "keiri@sakura.example"),
        (("SKR-BRAND", "ブランドサイト"),),
    ),
    DemoClient(
        "longyun",
        _abroad("上海龙云文化传播有限公司", "南京东路100号", "上海", "China"),
        who("伟", "王", "caiwu@longyun.example"),
    ),
    DemoClient(
        "hanbit",
        _abroad("한빛 출판사", "종로구 세종대로 5", "서울", "South Korea"),
        who("지우", "김", "jiwoo@hanbit.example"),
    ),
    DemoClient(
        "ganga",
        _abroad("गंगा हस्तशिल्प प्रा. लि.", "12 Assi Ghat", "वाराणसी", "India"),
        who("अंजलि", "मिश्रा", "anjali@ganga.example"),
    ),
    DemoClient(
        "sawasdee",
        _abroad("สวัสดีท่องเที่ยว จำกัด", "ถนนสีลม 45", "กรุงเทพฯ", "Thailand"),
        who("มาลี", "ศรีสุข", "malee@sawasdee.example"),
    ),
)
