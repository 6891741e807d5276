"""The journal's own facts."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

NOTE_ADDED = event_type("note.added", _("Internal note"), kind="note")
FILE_ATTACHED = event_type("file.attached", _("File attached: %(title)s"))
ENTRY_PINNED = event_type("entry.pinned", _("Entry pinned"))
ENTRY_UNPINNED = event_type("entry.unpinned", _("Entry no longer pinned"))
