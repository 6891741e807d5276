"""What is said of account plans: to whoever leads one, on the day of its review."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.models import AccountPlan, Customer
from crm.people import recipient_of_customer
from crm.selectors import visible_plans
from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.placeholders import register_placeholders
from foundation.notifications.subjects import register_subject
from foundation.notifications.texts import one_line
from foundation.ui import formats

NAMES = {
    "plan_year": _("The year of the account plan"),
    "plan_review": _("The day of its review"),
    "customer_name": _("Name of the customer"),
}


def values(plan: AccountPlan, recipient: Recipient) -> dict[str, Any]:
    """What a message about a plan may say."""
    return {
        "plan_year": str(plan.year),
        "plan_review": formats.day(plan.review_on) if plan.review_on else "",
        "customer_name": one_line(plan.customer.name),
    }


def service_owner(event: Any, subject: Any) -> list[Recipient]:
    """Whoever looks after the customer's complaints and questions, beside the owner."""
    customer = subject if isinstance(subject, Customer) else getattr(subject, "customer", None)
    person = customer.service_owner if customer is not None else None
    return [staff_recipient(person)] if person is not None and person.is_active else []


def register() -> None:
    """Called once, when the apps are ready."""
    register_audience("service_owner", _("The customer's service owner"), service_owner)
    register_subject(
        AccountPlan,
        contact=lambda plan: recipient_of_customer(plan.customer),
        owner=lambda plan: plan.owner,
        visible=visible_plans,
    )
    register_placeholders(AccountPlan, values, names=NAMES)
    register_message(
        "account_plan.review_due",
        event="account_plan.review_due",
        audience="owner",
        channels=("inbox", "email"),
        texts=REVIEW_DUE,
    )


REVIEW_DUE = {
    "en": Text(
        "Account plan {plan_year} of {customer_name}: review on {plan_review}",
        "Hello {recipient_name},\n\nthe account plan {plan_year} of {customer_name} is to be reviewed ({plan_review}): "
        "compare volume and goals, look at the people and the risks, and note what came out.",
        "To be reviewed: {plan_review}.",
    ),
    "zh-hans": Text(
        "{customer_name}的 {plan_year} 年客户计划：{plan_review} 复核",
        "{recipient_name}，您好：\n\n{customer_name}的 {plan_year} 年客户计划到了复核日（{plan_review}）："
        "请对照销量和目标，查看关键人物和风险，并记下结论。",
        "复核日：{plan_review}。",
    ),
    "zh-hant": Text(
        "{customer_name}的 {plan_year} 年客戶計畫：{plan_review} 檢討",
        "{recipient_name} 您好：\n\n{customer_name}的 {plan_year} 年客戶計畫到了檢討日（{plan_review}）："
        "請對照銷量與目標，檢視關鍵人物與風險，並記下結論。",
        "檢討日：{plan_review}。",
    ),
    "de": Text(
        "Kundenplan {plan_year} für {customer_name}: Durchsicht am {plan_review}",
        "Guten Tag {recipient_name},\n\nder Kundenplan {plan_year} für {customer_name} ist durchzusehen ({plan_review}): "
        "Umsatz und Ziele vergleichen, Personen und Risiken ansehen und das Ergebnis festhalten.",
        "Durchzusehen: {plan_review}.",
    ),
}
