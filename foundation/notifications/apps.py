"""Templates, rules, outbox, channels, inbox."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "foundation.notifications"
    label = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from foundation.accounts.defaults import register_defaults
        from foundation.journal.subscribers import subscribe
        from foundation.notifications import audiences, handlers, notices, rules
        from foundation.notifications.channels import register_channel
        from foundation.notifications.channels.email import EmailChannel
        from foundation.notifications.channels.sms import SmsChannel
        from foundation.notifications.defaults import load_messages
        from foundation.notifications.models import Rule, Template

        audiences.register()
        notices.register()
        register_channel(EmailChannel())
        register_channel(SmsChannel())
        # After the stages' own reactions, so that a message names the owner whom they have just found.
        subscribe(handlers.on_event, name="notifications", order=500)
        register_defaults(80, "messages", load_messages)

        def forget_rules(**_kwargs: object) -> None:
            rules.forget()

        for model in (Rule, Template):
            for signal in (post_save, post_delete):
                signal.connect(
                    forget_rules, sender=model, weak=False, dispatch_uid=f"notifications-{model.__name__}-{id(signal)}"
                )
