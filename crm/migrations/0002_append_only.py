from django.db import migrations

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):
    """Service records and their words may be read and added by the application, and nothing else."""

    dependencies = [("crm", "0001_initial"), ("journal", "0002_rights")]

    operations = [AppendOnly("crm_servicerecord"), AppendOnly("crm_servicerecordtext")]
