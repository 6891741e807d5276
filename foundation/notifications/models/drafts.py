"""What colleagues are writing to a customer: one draft per record, shared by all who may write from it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageDraft(models.Model):
    """A message that is being written about one record; `revision` grows with each change, so that two writers notice."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    # The fields of the form as they were typed; files are chosen when it is sent.
    fields = models.JSONField(_("fields"), default=dict)
    revision = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("written by")
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("draft of a message")
        verbose_name_plural = _("drafts of messages")
        default_permissions = ()
        constraints = [
            # also how the composer finds it
            models.UniqueConstraint(fields=["content_type", "object_id"], name="notifications_draft_once")
        ]

    def __str__(self) -> str:
        return str(self.fields.get("subject_line") or self.fields.get("body") or "")[:60]
