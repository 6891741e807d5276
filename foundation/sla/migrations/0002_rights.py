from django.db import migrations

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):
    """The ledger is only ever added to."""

    dependencies = [("sla", "0001_clocks"), ("journal", "0002_rights")]

    operations = [AppendOnly("sla_entry")]
