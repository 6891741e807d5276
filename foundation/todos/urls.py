"""Addresses of tasks and mentions."""

from django.urls import path

from foundation.todos.views import mentions, writing
from foundation.todos.views.tasks import TaskList, TaskPage

app_name = "todos"
urlpatterns = [
    path("tasks/", TaskList.as_view(), name="tasks"),
    path("tasks/new/", writing.new_task, name="task-new"),
    path("tasks/on/", writing.record_panel, name="record-panel"),
    path("tasks/<int:pk>/edit/", writing.edit_task, name="task-edit"),
    path("tasks/<int:pk>/tick/", writing.tick, name="task-tick"),
    path("tasks/<int:pk>/undo/", writing.undo, name="task-undo"),
    *TaskPage().urls("tasks/"),
    path("mentions/colleagues/", mentions.colleagues, name="colleagues"),
    path("mentions/<int:pk>/open/", mentions.open_mention, name="mention"),
]
