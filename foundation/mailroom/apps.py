"""Incoming mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailroomConfig(AppConfig):
    name = "foundation.mailroom"
    label = "mailroom"
    verbose_name = _("Incoming mail")

    def ready(self) -> None:
        from foundation.mailroom import actions, events, messages, panels, timeline
        from foundation.mailroom.dressing import dress, look_ahead
        from foundation.mailroom.registry import register_answering
        from foundation.notifications.channels.email.letter import dress_letters

        events.register()
        messages.register()
        timeline.register()
        actions.register()
        register_answering(events.AFTER_HOURS, events.OWNER_AWAY)
        dress_letters(dress, look=look_ahead)
        panels.register()
