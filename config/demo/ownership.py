"""Whose the demo's customers are: some in the pool, some with few days left, likely duplicates, one that was merged, one asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config.demo.present import Stage
from crm.models import Customer, OwnershipPolicy, PoolRule
from crm.services import (
    ask_for_customer,
    create_customer,
    keep_customer,
    merge_customers,
    release_customer,
)
from crm.services.keys import find_pairs, rebuild_keys
from crm.services.pool import reckon_pool
from foundation.ui.shelf import renew

SWITCHED_ON, WITHOUT_DEAL = 120, 125
# name, name in its script, country, what somebody wrote when it was released; then the contact
POOLED: list[tuple[str, str, str, str, str, str]] = [
    ("Hangzhou Qiantang Interiors Co., Ltd.", "杭州钱塘室内装饰有限公司", "CN", "三次电话均未接通，项目暂停。", "孙磊", "sun.lei@qiantang-interiors.example"),
    ("Kaohsiung Harbour Flooring Ltd.", "高雄海港地板有限公司", "TW", "客戶表示今年沒有採購計畫。", "林志豪", "chihhao.lin@harbour-floor.example"),
    ("Parkettstudio Lübeck GmbH", "", "DE", "Will erst nach dem Umbau im Frühjahr wieder sprechen.", "Jens Brandt", "brandt@parkettstudio-luebeck.example"),
    ("Bristol Surfaces Ltd", "", "GB", "Bought elsewhere this year; worth another try later.", "Helen Marsh", "helen@bristol-surfaces.example"),
]  # fmt: skip


def play(stage: Stage) -> None:
    """The pool is switched on, as it is in many houses; shipped it is off."""
    rebuild_keys()
    manager = stage.staff["guohua.liang"]
    sellers = [stage.staff["emily.carter"], stage.staff["jiahao.wu"]]
    for number, (name, local, country, why, person, email) in enumerate(POOLED):
        seller = sellers[number % 2]
        customer = _enter(seller, name, local_name=local, country=country, contact=(person, email))
        release_customer(customer.pk, actor=seller, reason=why)
    _twins(stage, manager, sellers[1])
    _switch_on(stage)
    find_pairs()


def _enter(seller: Any, name: str, *, contact: tuple[str, str], **values: Any) -> Customer:
    person = {"name": contact[0], "email": contact[1]}
    return create_customer(actor=seller, name=name, owner=seller, main_contact=person, source="fair", **values)


def _twins(stage: Stage, manager: Any, seller: Any) -> None:
    """One entered again with a slip, one that was merged since, and one that somebody asks for."""
    firms = [one.row for one in stage.clients.values()]
    first, second = firms[0], firms[1]
    _enter(
        seller, first.name.replace("Decoration", "Decoratoin"), local_name="廣州華築裝飾工程", country="CN",
        contact=("黄志明", f"info@{first.domain}"),
    )  # fmt: skip
    again = _enter(
        seller, second.name.removesuffix(" Co., Ltd."), country=second.country, contact=("Lin Wei", f"lin@{second.domain}")
    )  # fmt: skip
    merge_customers(second.pk, again.pk, actor=manager, reason="展会上重复录入")
    for one in firms:
        foreign = Customer.objects.visible_to(seller).filter(pk=one.pk).exists()
        if not foreign:
            ask_for_customer(one.pk, actor=seller, typed=one.name, note="客户在展会上主动来询价，希望能参与跟进。")
            break


def _switch_on(stage: Stage) -> None:
    policy = OwnershipPolicy.objects.first() or OwnershipPolicy()
    policy.is_on, policy.started_on = True, stage.times.today - timedelta(days=SWITCHED_ON)
    policy.save()
    PoolRule.objects.filter(tier="").update(deal_days=WITHOUT_DEAL)
    renew(PoolRule)
    reckon_pool(mercy=False)
    soon = Customer.objects.active().filter(returns_on__isnull=False).order_by("returns_on", "pk").first()
    if soon is not None:
        until = stage.times.today + timedelta(days=60)
        keep_customer(soon.pk, actor=stage.staff["guohua.liang"], until=until, reason="大型项目洽谈中")
