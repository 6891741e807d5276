"""The company, its teams and the people who work there."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from foundation.accounts.demo import DEMO_DOMAIN, DEMO_PASSWORD
from foundation.accounts.models import Company, Team, User, UserLanguage
from foundation.ui import shelf

COMPANY = {
    "name": "Nanling Surfaces",
    "address": "Nanling Surfaces Co., Ltd.\nBuilding 6, 88 Kehui Road, Huangpu District\nGuangzhou 510663, Guangdong\nChina",
    "phone": "+862055500100",
    "email": f"office@{DEMO_DOMAIN}",
    "website": "https://www.kontor.example",
    "country": "CN",
    "currency": "USD",
    "time_zone": "Asia/Shanghai",
    "default_language": "en",
    "mail_from_name": "Nanling Surfaces",
    "mail_from_address": f"office@{DEMO_DOMAIN}",
    "sms_sender": "Nanling",
    "emergency_contact": "Deng Haitao 邓海涛 (Operations)",
    "emergency_phone": "+862055500199",
    "bank_details": (
        "Beneficiary: Nanling Surfaces Co., Ltd.\n"
        "Bank: Demonstration Bank, Guangzhou Development District Branch\n"
        "Account (USD): 0000 0000 0000 0000\n"
        "SWIFT: DEMOCNBXXXX"
    ),
    "letter_footer": "Nanling Surfaces Co., Ltd. · SPC and WPC flooring · office partitions · Guangzhou",
}
TEAMS = {
    "Management": "guohua.liang",
    "Sales Greater China": "meiling.chen",
    "Sales Overseas": "emily.carter",
    "Order desk": "lijuan.huang",
    "Logistics": "zhiqiang.li",
    "After-sales": "xiaoyan.feng",
    "Finance and administration": "shuzhen.he",
    "Production and engineering": "haitao.deng",
}
SHANGHAI, BERLIN, TAIPEI = "Asia/Shanghai", "Europe/Berlin", "Asia/Taipei"


class Person(NamedTuple):
    """One colleague; `languages` are code and level, 4 is the mother tongue."""

    key: str
    name: str
    role: str
    position: str
    team: str
    manager: str
    language: str
    zone: str
    languages: dict[str, int]


# The first of each role is the one whose login is shown: it works in English where the job allows it.
PEOPLE = [
    Person("guohua.liang", "Liang Guohua 梁国华", "manager", "General manager", "Management", "", "en", SHANGHAI,
           {"zh-hans": 4, "en": 3}),
    Person("emily.carter", "Emily Carter", "sales", "Head of overseas sales", "Sales Overseas", "guohua.liang", "en",
           SHANGHAI, {"en": 4, "zh-hans": 2}),
    Person("meiling.chen", "Chen Meiling 陈美玲", "sales", "Head of sales, Greater China", "Sales Greater China",
           "guohua.liang", "zh-hans", SHANGHAI, {"zh-hans": 4, "en": 3}),
    Person("yiting.lin", "Lin Yi-ting 林怡婷", "sales", "Sales, Taiwan and Hong Kong", "Sales Greater China",
           "meiling.chen", "zh-hant", TAIPEI, {"zh-hant": 4, "en": 3}),
    Person("jiahao.wu", "Wu Jiahao 吴嘉豪", "sales", "Sales, partitions and projects", "Sales Greater China",
           "meiling.chen", "zh-hans", SHANGHAI, {"zh-hans": 4, "en": 2}),
    Person("katharina.brandt", "Katharina Brandt", "sales", "Sales, Germany, Austria, Switzerland", "Sales Overseas",
           "emily.carter", "de", BERLIN, {"de": 4, "en": 3}),
    Person("lijuan.huang", "Huang Lijuan 黄丽娟", "order desk", "Head of the order desk", "Order desk", "guohua.liang",
           "en", SHANGHAI, {"zh-hans": 4, "en": 3}),
    Person("wei.zhao", "Zhao Wei 赵伟", "order desk", "Order desk", "Order desk", "lijuan.huang", "zh-hans", SHANGHAI,
           {"zh-hans": 4, "en": 2}),
    Person("zhiqiang.li", "Li Zhiqiang 李志强", "logistics", "Head of logistics", "Logistics", "haitao.deng", "en",
           SHANGHAI, {"zh-hans": 4, "en": 3}),
    Person("xiaoyan.feng", "Feng Xiaoyan 冯晓燕", "service", "Head of after-sales", "After-sales", "guohua.liang", "en",
           SHANGHAI, {"zh-hans": 4, "zh-hant": 3, "en": 3}),
    Person("jonas.keller", "Jonas Keller", "service", "After-sales, Europe", "After-sales", "xiaoyan.feng", "de",
           BERLIN, {"de": 4, "en": 3}),
    Person("haitao.deng", "Deng Haitao 邓海涛", "operations", "Operations manager", "Production and engineering",
           "guohua.liang", "en", SHANGHAI, {"zh-hans": 4, "en": 2}),
    Person("shuzhen.he", "He Shuzhen 何淑珍", "finance", "Finance", "Finance and administration", "guohua.liang",
           "en", SHANGHAI, {"zh-hans": 4, "en": 2}),
    Person("peng.xu", "Xu Peng 徐鹏", "technical", "Product engineer", "Production and engineering", "haitao.deng",
           "en", SHANGHAI, {"zh-hans": 4, "en": 2}),
    Person("min.luo", "Luo Min 罗敏", "administrator", "Systems administrator", "Finance and administration",
           "shuzhen.he", "en", SHANGHAI, {"zh-hans": 4, "en": 3}),
]  # fmt: skip

Staff = dict[str, User]


def address(key: str) -> str:
    """The email address by which a colleague signs in."""
    return f"{key}@{DEMO_DOMAIN}"


def is_loaded() -> bool:
    """Whether the demo's people are here; everything else of the demo came in the same transaction."""
    return User.objects.filter(email__in=[address(one.key) for one in PEOPLE]).exists()


def make_company() -> Company:
    """Fill in the company's settings."""
    company = Company.objects.get_or_create(pk=1)[0]
    for name, value in COMPANY.items():
        setattr(company, name, value)
    company.save()
    return company


def make_staff() -> Staff:
    """Teams and people, all with the demo's password; returns them by key."""
    teams = {name: Team.objects.get_or_create(name=name)[0] for name in TEAMS}
    # One hash for all: computing it is slow on purpose, and the password is public.
    password = make_password(DEMO_PASSWORD)
    staff: Staff = {}
    for number, one in enumerate(PEOPLE):
        user = User(
            email=address(one.key),
            name=one.name,
            position=one.position,
            phone=f"+8620555001{number + 10:02}",
            team=teams[one.team],
            language=one.language,
            time_zone=one.zone,
            is_staff=one.role == "administrator",
            password=password,
        )
        user.save(force_insert=True)
        user.groups.add(Group.objects.get(name=one.role))
        staff[one.key] = user
    UserLanguage.objects.bulk_create(
        UserLanguage(user=staff[one.key], language=code, level=level)
        for one in PEOPLE
        for code, level in one.languages.items()
    )
    shelf.renew()  # bulk rows announce themselves to nobody
    for one in PEOPLE:
        if one.manager:
            staff[one.key].manager = staff[one.manager]
            staff[one.key].save(update_fields=["manager"])
    for name, lead in TEAMS.items():
        teams[name].lead = staff[lead]
        teams[name].save(update_fields=["lead"])
    return staff
