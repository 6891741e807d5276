"""Templates, rules, outbox, channels, inbox."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "foundation.notifications"
    label = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from foundation.journal.standing import on_passing, on_withdrawal
        from foundation.journal.subscribers import subscribe
        from foundation.lists.pages import register_writer
        from foundation.notifications import (
            absences,
            actions,
            audiences,
            events,
            following,
            handlers,
            notices,
            outbox,
            passing,
            task_notices,
            timeline,
            wording,
        )
        from foundation.notifications.composer_pages import sent_notice
        from foundation.notifications.digests import wishes
        from foundation.notifications.manners import kinds
        from foundation.notifications.selectors import unread_count
        from foundation.notifications.views import day_wishes, failures_panel
        from foundation.notifications.writing import Composer
        from foundation.ui.ahead import register_wishes
        from foundation.ui.context import provide
        from foundation.ui.nav import register_link
        from foundation.ui.panels import register_panel
        from foundation.ui.shortcuts import RECORD, register_shortcut

        events.register()
        kinds.register()
        audiences.register()
        notices.register()
        task_notices.register()
        absences.register()
        _register_channels()
        # After the stages' own reactions, so that a message names the owner whom they have just found.
        subscribe(following.on_event, name="notifications", order=500, beside=wording.LATER, wants=following.wants)
        subscribe(handlers.on_missing_year, name="notifications.calendars", order=510, wants=handlers.wants)
        on_withdrawal("notifications", outbox.withdraw)
        on_passing("notifications", passing.pass_on)
        timeline.register()
        actions.register()
        register_writer(Composer())
        register_link("words", "notifications:templates")
        register_panel("record.notices", sent_notice, order=100)
        register_shortcut("w", "click:[data-write]", _("Write to the customer"), RECORD)
        register_panel("day.main", failures_panel, order=300)
        register_wishes("day", day_wishes)
        provide("unread", lambda request: unread_count(request.user) if request.user.is_authenticated else 0)
        register_panel("profile.forms", wishes.profile_form)
        _register_defaults()
        _remember_rules()


def _register_defaults() -> None:
    from foundation.accounts.defaults import register_defaults
    from foundation.notifications.defaults import load_messages
    from foundation.notifications.digests.policy import load_policy
    from foundation.notifications.ends import let_expire
    from foundation.notifications.languages import load_countries
    from foundation.notifications.manners.defaults import load_manners

    register_defaults(77, "bundling of emails", load_policy)
    register_defaults(78, "manners", load_manners)
    register_defaults(79, "languages of countries", load_countries)
    register_defaults(80, "messages", load_messages)
    register_defaults(81, "ends of messages", let_expire)


def _register_channels() -> None:
    from foundation.accounts.audiences import register_channel_name
    from foundation.notifications.channels import register_channel
    from foundation.notifications.channels.email import EmailChannel
    from foundation.notifications.channels.sms import SmsChannel
    from foundation.notifications.channels.wecom import WecomChannel

    robot = [WecomChannel()] if settings.WECOM_URL else []
    for channel in (EmailChannel(), SmsChannel(), *robot):
        register_channel(channel)
        register_channel_name(channel.code, channel.label)
    register_channel_name("inbox", _("Notification in the application"))


def _remember_rules() -> None:
    """Rules and templates are kept in the process until somebody saves or removes one."""
    from django.db.models.signals import post_delete, post_save

    from foundation.notifications import rules
    from foundation.notifications.models import MessageKind, Rule, Template

    def forget_rules(**_kwargs: object) -> None:
        rules.forget()

    for model in (Rule, Template, MessageKind):
        for signal in (post_save, post_delete):
            signal.connect(
                forget_rules, sender=model, weak=False, dispatch_uid=f"notifications-{model.__name__}-{id(signal)}"
            )
