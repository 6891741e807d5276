"""Addresses of the clocks."""

from django.urls import path

from foundation.sla.views import board, by_hand, clocks, deadlines, pauses, targets

app_name = "sla"
urlpatterns = [
    path("clocks/<int:pk>/", clocks.clock, name="clock"),
    path("promises/", targets.targets, name="targets"),
    path("promises/new/", targets.edit, name="target-new"),
    path("promises/<int:pk>/", targets.target, name="target"),
    path("promises/<int:pk>/edit/", targets.edit, name="target-edit"),
    path("pauses/", pauses.pauses, name="pauses"),
    path("deadlines/", deadlines.DeadlineList.as_view(), name="deadlines"),
    path("deadlines/board/", board.board, name="board"),
    path("clocks/<int:pk>/due/", by_hand.due, name="clock-due"),
    path("clocks/<int:pk>/reset/", by_hand.reset, name="clock-reset"),
]
