from django.db import migrations

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):
    """The application may add seals, and neither change nor remove one."""

    dependencies = [("journal", "0003_seal")]

    operations = [AppendOnly("journal_seal")]
