"""What the journal remembers of articles and training."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

CREATED, WRITTEN, CHANGED, ASKED = "article.created", "article.written", "article.changed", "article.asked"
PUBLISHED, RETIRED, RESTORED = "article.published", "article.retired", "article.restored"
DISCARDED, REVIEWED, REMARKED, USED = "article.discarded", "article.reviewed", "article.remarked", "article.used"
ASSIGNED = "article.assigned"
COURSE_CREATED, COURSE_CHANGED, EXAM_PUBLISHED = "course.created", "course.changed", "course.tested"
COMPLETED, TAKEN = "course.completed", "course.taken"
PLANNED, INVITED, RESCHEDULED = "training_session.planned", "training_session.invited", "training_session.rescheduled"
HELD, CANCELLED, TICKED = "training_session.held", "training_session.cancelled", "training_session.ticked"
ASSESSED, PROMOTED = "career.assessed", "career.promoted"


def register() -> None:
    """Make the codes known to the journal."""
    event_type(CREATED, _("Article begun"))
    event_type(WRITTEN, _("Written: version %(version)s. %(change)s"))
    event_type(CHANGED, _("Settings of the article changed"))
    event_type(ASKED, _("Asked to publish version %(version)s"))
    event_type(PUBLISHED, _("Version %(version)s published"))
    event_type(RETIRED, _("Article retired"))
    event_type(RESTORED, _("Article published again"))
    event_type(DISCARDED, _("Draft thrown away"))
    event_type(REVIEWED, _("Looked at: it still holds, until %(review_on)s"))
    event_type(REMARKED, _("A reader sent a remark"))
    event_type(ASSIGNED, _("Article handed over"))
    event_type(USED, _("Used from the knowledge base: %(article)s"))
    event_type(COURSE_CREATED, _("Course created"))
    event_type(COURSE_CHANGED, _("Course changed"))
    event_type(EXAM_PUBLISHED, _("Test published: version %(exam)s"))
    event_type(TAKEN, _("Test taken: %(percent)s %%"))
    event_type(COMPLETED, _("Course completed"))
    event_type(PLANNED, _("Training session planned: %(title)s"))
    event_type(INVITED, _("Invited to the training session"))
    event_type(RESCHEDULED, _("Training session moved: %(title)s"))
    event_type(HELD, _("Training session held"))
    event_type(CANCELLED, _("Training session cancelled: %(title)s"))
    event_type(TICKED, _("Attendance noted"))
    event_type(ASSESSED, _("Assessed: %(need)s"))
    event_type(PROMOTED, _("Career level: %(level)s"))
