"""Before the sale: customers, contacts, service records, inquiries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    label = "crm"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from crm import (  # noqa: F401
            actions,
            answering,
            cadence_defaults,
            campaign_actions,
            defaults,
            diary,
            events,
            feed,
            helping,
            intake_defaults,
            messages,
            ownership_defaults,
            panels,
            reception_actions,
            reception_defaults,
            sample_setup,
            sealed,
            visit_defaults,
            work,
        )
        from crm.models import Inquiry
        from crm.services.cadence import is_touch, touch_by_message
        from crm.services.mail import addresses_of_customer, inquiry_from_mail, join_inquiry
        from foundation.accounts.defaults import register_defaults
        from foundation.mailroom.registry import (
            register_answering,
            register_becoming,
            register_senders,
            register_target,
        )
        from foundation.notifications.leaving import register_leaving

        _name_values()
        _name_facts()
        register_target(Inquiry, join=join_inquiry)
        register_becoming(inquiry_from_mail)
        register_senders(addresses_of_customer)
        register_answering("inquiry.received")
        register_defaults(45, "questionnaires", defaults.load)
        register_defaults(50, "before the sale", visit_defaults.load)
        register_defaults(55, "touch cadence", cadence_defaults.load)
        ownership_defaults.register()
        register_leaving("touches", touch_by_message, wants=is_touch)
        messages.register()
        sealed.register()
        actions.register()
        register_defaults(46, "inquiries", intake_defaults.load)
        register_defaults(51, "receptions", reception_defaults.load)
        campaign_actions.register()
        reception_actions.register()
        panels.register()
        sample_setup.register()
        work.register()
        feed.register()
        diary.register()
        helping.register()
        answering.register()
        self._ready_for_accounts()

    def _ready_for_accounts(self) -> None:
        """What is known of key accounts and of customers that are won."""
        from crm import development, history, plan_actions, plan_messages

        history.register()
        plan_actions.register()
        plan_messages.register()
        development.register()


def _name_values() -> None:
    """The values and the moments that promises may be bound to."""
    from crm.models import Customer, Inquiry, Questionnaire, ServiceRecord
    from foundation.sla.dates import register_date
    from foundation.sla.values import register_values

    register_date("promised_at", _("time promised to the customer"))
    register_date("due_at", _("time for which a call is planned"))
    register_date("arrive_by", _("time by which to be at the customer's"))
    register_date("planned_start", _("planned beginning"))
    register_values("kinds", Customer.Kind.choices)
    register_values("tiers", Customer.Tier.choices)
    register_values("kinds", Questionnaire.Purpose.choices)
    register_values("priorities", Inquiry.Priority.choices)
    register_values("channels", [*Inquiry.Channel.choices, *ServiceRecord.Channel.choices])


def _name_facts() -> None:
    """What message rules ask of our events, in words."""
    from crm.models import DecidedBy, TechnicalQuestion
    from foundation.journal.fact_words import register_fact, register_values

    register_fact("by_owner", _("the owner took it"))
    register_fact("has_note", _("with words for the new owner"))
    register_fact("tell_customer", _("the customer is to be told"))
    register_fact("via", _("heard by"))
    register_fact("asked", _("who was asked"))
    register_values("via", DecidedBy.choices)
    register_values("asked", TechnicalQuestion.To.choices)
    register_fact("out_of_hours", _("outside working hours"))
    register_fact("on_holiday", _("on a holiday"))
    register_fact("tells_customer", _("the customer is to be told"))
