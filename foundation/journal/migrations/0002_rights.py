from django.db import migrations

from foundation.journal.grants import AppendOnly, GrantApplication


class Migration(migrations.Migration):
    """The application's role gets its rights; the journal's tables only reading and inserting."""

    dependencies = [("journal", "0001_initial")]

    operations = [
        GrantApplication(),
        AppendOnly("journal_event"),
        AppendOnly("journal_eventprivate"),
        AppendOnly("journal_link"),
        AppendOnly("journal_attachment"),
    ]
