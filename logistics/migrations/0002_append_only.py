from django.db import migrations

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):
    """Tracking events are kept as sent: the application may read and insert, never change or remove."""

    dependencies = [("logistics", "0001_initial"), ("journal", "0002_rights")]

    operations = [AppendOnly("logistics_trackingevent")]
