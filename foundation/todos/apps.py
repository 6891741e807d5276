"""Tasks, reminders, mentions on any record."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TodosConfig(AppConfig):
    name = "foundation.todos"
    label = "todos"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        """Register event codes, audiences, the policy, panels, and follow the journal."""
        from foundation.accounts.defaults import register_defaults
        from foundation.journal.subscribers import subscribe
        from foundation.todos import actions, audiences, defaults, diary, events, feed, handlers, panels, standing, work

        events.register()
        standing.register()
        audiences.register()
        actions.register()
        register_defaults(61, "policy for tasks", defaults.load)
        subscribe(handlers.on_event, name="todos", order=100, wants=handlers.wants)
        panels.register()
        feed.register()
        diary.register()
        work.register()
