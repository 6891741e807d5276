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
        from foundation.journal.standing import holds_while, settled_unless
        from foundation.journal.subscribers import subscribe
        from foundation.todos import actions, audiences, defaults, events, feed, handlers, panels, work
        from foundation.todos.models import Task

        events.register()
        still_open = {Task.Status.OPEN}
        done = _("The task has been done or cancelled meanwhile.")
        holds_while((events.REMINDED, events.OVERDUE), Task, still_open, why=done)
        settled_unless((events.CREATED, events.ASSIGNED), Task, still_open, why=done)
        audiences.register()
        actions.register()
        register_defaults(61, "policy for tasks", defaults.load)
        subscribe(handlers.on_event, name="todos", order=100, wants=handlers.wants)
        panels.register()
        feed.register()
        work.register()
