"""The customers: companies and people who do not exist, at domains and telephone numbers that reach nobody."""

from __future__ import annotations

from typing import NamedTuple


class Who(NamedTuple):
    """Somebody at a customer; `local` is the part of the email address before the @."""

    name: str
    position: str
    local: str
    phone: str
    mobile: str = ""
    decides: bool = False


class Firm(NamedTuple):
    """One customer. `place` is region, city, district, street, postal code; `port` the port of destination."""

    name: str
    local_name: str
    kind: str
    tier: str
    country: str
    language: str
    zone: str
    industry: str
    source: str
    owner: str
    domain: str
    place: tuple[str, str, str, str, str]
    port: str
    people: tuple[Who, ...]
    tax: str = ""
    remark: str = ""

    @property
    def is_inland(self) -> bool:
        """Its port lies in another country: goods travel on to the town."""
        return self.country in ("AT", "CH")


FIRMS = [
    Firm("Guangzhou Huazhu Decoration Engineering Co., Ltd.", "广州华筑装饰工程有限公司", "decorator", "key", "CN", "zh-hans",
         "Asia/Shanghai", "Fit-out", "referral", "jiahao.wu", "huazhu-deco.example",
         ("广东省", "广州市", "天河区", "示范路 168 号华筑大厦 12 楼", "510620"), "Guangzhou",
         (Who("黄志明", "采购总监", "huang.zhiming", "+862055510001", decides=True), Who("陈晓燕", "项目经理", "chen.xiaoyan", "+862055510002")),
         "91440101DEMO00001A", "每个季度有 3–4 个写字楼项目，看重安装配合。"),
    Firm("Shanghai Ruijian Office Space Co., Ltd.", "上海睿间办公空间有限公司", "dealer", "important", "CN", "zh-hans",
         "Asia/Shanghai", "Office furniture", "fair", "jiahao.wu", "ruijian-space.example",
         ("上海市", "上海市", "徐汇区", "演示东路 55 弄 3 号", "200030"), "Shanghai",
         (Who("周敏", "总经理", "zhou.min", "+862155510010", decides=True),), "91310101DEMO00002B"),
    Firm("Shenzhen Chuangzhan Technology Co., Ltd.", "深圳创展科技有限公司", "end_client", "ordinary", "CN", "zh-hans",
         "Asia/Shanghai", "Electronics", "web", "jiahao.wu", "chuangzhan-tech.example",
         ("广东省", "深圳市", "南山区", "样例大道 1001 号 B 座 8 层", "518057"), "Shenzhen",
         (Who("林国栋", "行政主管", "lin.guodong", "+8675555510020"),)),
    Firm("Beijing Zhongjia Building Materials Co., Ltd.", "北京中嘉建材有限公司", "dealer", "ordinary", "CN", "zh-hans",
         "Asia/Shanghai", "Building materials", "phone", "meiling.chen", "zhongjia-bm.example",
         ("北京市", "北京市", "朝阳区", "示例北街 9 号院 2 号楼", "100020"), "Tianjin",
         (Who("王海峰", "销售经理", "wang.haifeng", "+861055510030", decides=True),)),
    Firm("Shengyang Building Materials Co., Ltd.", "昇陽建材股份有限公司", "importer", "key", "TW", "zh-hant", "Asia/Taipei",
         "Flooring trade", "fair", "yiting.lin", "shengyang-bm.example",
         ("", "台中市", "西屯區", "示範大道三段 120 號 7 樓", "407"), "Taichung",
         (Who("張文傑", "採購經理", "wenjie.chang", "+886425550101", decides=True), Who("許雅婷", "進口專員", "yating.hsu", "+886425550102")),
         "00000001", "每月一櫃，交期優先。"),
    Firm("Taipei Zhujing Interior Design Ltd.", "台北築境室內設計有限公司", "decorator", "ordinary", "TW", "zh-hant",
         "Asia/Taipei", "Interior design", "web", "yiting.lin", "zhujing.example",
         ("", "台北市", "大安區", "樣本路四段 88 號 5 樓", "106"), "Keelung",
         (Who("蔡佩珊", "設計總監", "peishan.tsai", "+886225550110", decides=True),)),
    Firm("Harbour Flooring (Hong Kong) Ltd.", "港灣地板（香港）有限公司", "dealer", "important", "HK", "zh-hant",
         "Asia/Hong_Kong", "Flooring trade", "email", "yiting.lin", "harbour-flooring.example",
         ("", "九龍", "觀塘", "示範道 33 號工業中心 10 樓 B 室", ""), "Hong Kong",
         (Who("何家俊", "採購主任", "kachun.ho", "+85255501201", decides=True), Who("李詠欣", "會計", "wingyan.lee", "+85255501202"))),
    Firm("Victoria Office Works Ltd.", "維多利亞辦公室工程有限公司", "decorator", "ordinary", "HK", "zh-hant",
         "Asia/Hong_Kong", "Fit-out", "phone", "yiting.lin", "victoria-works.example",
         ("", "香港", "灣仔", "樣本街 12 號商業大廈 18 樓", ""), "Hong Kong",
         (Who("鄧嘉儀", "工程經理", "kayee.tang", "+85255501210"),)),
    Firm("Bodenwelt Hamburg GmbH", "", "importer", "strategic", "DE", "de", "Europe/Berlin", "Flooring wholesale", "fair",
         "katharina.brandt", "bodenwelt-hamburg.example", ("", "Hamburg", "", "Musterkai 14", "20457"), "Hamburg",
         (Who("Stefan Albers", "Leiter Einkauf", "s.albers", "+494066969100", "+4917139200101", True),
          Who("Claudia Wenk", "Disposition", "c.wenk", "+494066969101")), "DE000000001",
         "Rahmenvertrag bis Jahresende, je Quartal vier Container."),
    Firm("Raumwerk Objekteinrichtung GmbH", "", "decorator", "important", "DE", "de", "Europe/Berlin", "Fit-out", "web",
         "katharina.brandt", "raumwerk-objekt.example", ("", "München", "", "Beispielstraße 27", "80331"), "Hamburg",
         (Who("Miriam Vogel", "Projektleitung", "m.vogel", "+498999998200", "+4917139200102", True),), "DE000000002"),
    Firm("Nordholz Fußbodenhandel GmbH & Co. KG", "", "dealer", "ordinary", "DE", "de", "Europe/Berlin", "Flooring trade",
         "platform", "katharina.brandt", "nordholz-boden.example", ("", "Bremen", "", "Am Musterhafen 3", "28195"), "Bremerhaven",
         (Who("Torben Behrens", "Inhaber", "t.behrens", "+493023125300", decides=True),), "DE000000003"),
    Firm("Alpenboden Handels GmbH", "", "dealer", "ordinary", "AT", "de", "Europe/Vienna", "Flooring trade", "email",
         "katharina.brandt", "alpenboden.example", ("", "Graz", "", "Beispielgasse 8", "8010"), "Koper",
         (Who("Sabine Pichler", "Geschäftsführerin", "s.pichler", "+43316555010", decides=True),), "ATU00000001"),
    Firm("Bürowand Zürich AG", "", "decorator", "important", "CH", "de", "Europe/Zurich", "Office fit-out", "referral",
         "katharina.brandt", "buerowand.example", ("", "Zürich", "", "Mustergasse 21", "8005"), "Rotterdam",
         (Who("Reto Ammann", "Einkauf", "r.ammann", "+41445550120", decides=True),)),
    Firm("Podłogi Wisła Sp. z o.o.", "", "importer", "important", "PL", "en", "Europe/Warsaw", "Flooring wholesale", "fair",
         "emily.carter", "podlogi-wisla.example", ("", "Gdańsk", "", "ul. Przykładowa 17", "80-001"), "Gdańsk",
         (Who("Agnieszka Nowak", "Import manager", "a.nowak", "+48585550130", decides=True),), "PL0000000001"),
    Firm("Maas Vloeren Import B.V.", "", "importer", "important", "NL", "en", "Europe/Amsterdam", "Flooring wholesale", "email",
         "emily.carter", "maasvloeren.example", ("", "Rotterdam", "", "Voorbeeldkade 41", "3011 AA"), "Rotterdam",
         (Who("Pieter de Wit", "Buyer", "p.dewit", "+31105550140", decides=True),), "NL000000000B01"),
    Firm("Blue Ridge Flooring Supply LLC", "", "dealer", "key", "US", "en", "America/New_York", "Flooring trade", "fair",
         "emily.carter", "blueridge-flooring.example", ("NC", "Charlotte", "", "1200 Sample Park Drive", "28202"), "Charleston",
         (Who("Daniel Whitaker", "VP Purchasing", "d.whitaker", "+17045550150", "+17045550151", True),
          Who("Renee Coleman", "Receiving", "r.coleman", "+17045550152")), "", "Wants pallets of 60 boxes, no mixed pallets."),
    Firm("Pacific Interiors Group", "", "decorator", "ordinary", "US", "en", "America/Los_Angeles", "Fit-out", "web",
         "emily.carter", "pacific-interiors.example", ("WA", "Seattle", "", "450 Example Avenue, Suite 900", "98101"), "Seattle",
         (Who("Karen Liu", "Project manager", "k.liu", "+12065550160", "+12065550161"),)),
    Firm("Lone Star Surfaces Inc.", "", "dealer", "ordinary", "US", "en", "America/Chicago", "Flooring trade", "platform",
         "emily.carter", "lonestar-surfaces.example", ("TX", "Houston", "", "77 Placeholder Road", "77002"), "Houston",
         (Who("Marcus Reed", "Owner", "m.reed", "+17135550170", decides=True),)),
    Firm("Thames Contract Flooring Ltd", "", "decorator", "important", "GB", "en", "Europe/London", "Contract flooring", "email",
         "emily.carter", "thames-contract.example", ("", "London", "", "Unit 9, Specimen Wharf", "SE1 0AA"), "Felixstowe",
         (Who("Harriet Lowe", "Commercial director", "h.lowe", "+442079460180", "+447700900180", True),), "GB000000001"),
    Firm("Pennine Floors Ltd", "", "dealer", "ordinary", "GB", "en", "Europe/London", "Flooring trade", "own_search",
         "emily.carter", "pennine-floors.example", ("", "Leeds", "", "4 Template Lane", "LS1 0AA"), "Liverpool",
         (Who("Graham Ashworth", "Buyer", "g.ashworth", "+441134960190", "+447700900190", True),)),
    Firm("Sols de l'Ouest SAS", "", "importer", "ordinary", "FR", "en", "Europe/Paris", "Flooring wholesale", "fair",
         "emily.carter", "sols-ouest.example", ("", "Nantes", "", "12 rue de l'Exemple", "44000"), "Le Havre",
         (Who("Élodie Marchand", "Responsable import", "e.marchand", "+33261910200", "+33639980120", True),), "FR00000000001"),
    Firm("Al Noor Fit-Out LLC", "", "decorator", "important", "AE", "en", "Asia/Dubai", "Fit-out", "referral", "emily.carter",
         "alnoor-fitout.example", ("", "Dubai", "Al Quoz", "Warehouse 6, Sample Street 4", ""), "Jebel Ali",
         (Who("Omar Haddad", "Procurement manager", "o.haddad", "+97145550210", decides=True),)),
    Firm("Southern Cross Flooring Pty Ltd", "", "importer", "key", "AU", "en", "Australia/Melbourne", "Flooring wholesale", "fair",
         "emily.carter", "southerncross-floors.example", ("VIC", "Melbourne", "", "31 Specimen Street", "3000"), "Melbourne",
         (Who("Jessica Tran", "Supply chain manager", "j.tran", "+61370101220", "+61491570156", True),)),
    Firm("Pisos do Sul Importadora Ltda", "", "importer", "ordinary", "BR", "en", "America/Sao_Paulo", "Flooring wholesale",
         "platform", "emily.carter", "pisos-do-sul.example", ("PR", "Curitiba", "", "Rua Exemplo 250", "80010-000"), "Paranaguá",
         (Who("Rafael Moreira", "Comprador", "r.moreira", "+554135550230", decides=True),)),
    Firm("Straits Workspace Pte Ltd", "", "agent", "important", "SG", "en", "Asia/Singapore", "Office fit-out", "email",
         "emily.carter", "straits-workspace.example", ("", "Singapore", "", "10 Example Crescent #05-02", "049999"), "Singapore",
         (Who("Priya Nair", "Director", "p.nair", "+6565550240", decides=True),)),
    Firm("Cape Floor Traders (Pty) Ltd", "", "dealer", "ordinary", "ZA", "en", "Africa/Johannesburg", "Flooring trade", "web",
         "", "capefloor.example", ("", "Cape Town", "", "18 Sample Quay Road", "8001"), "Cape Town",
         (Who("Thandi Mokoena", "Owner", "t.mokoena", "+27215550250", decides=True),)),
    Firm("Rideau Flooring Importers Inc.", "", "importer", "ordinary", "CA", "en", "America/Toronto", "Flooring wholesale", "web",
         "emily.carter", "rideau-flooring.example", ("ON", "Ottawa", "", "600 Placeholder Street", "K1A 0A1"), "Montreal",
         (Who("Marc Gagnon", "Buyer", "m.gagnon", "+16135550260", decides=True),)),
]  # fmt: skip
