from django.db import migrations

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):
    """What somebody declined is written once and taken back by another row."""

    dependencies = [("notifications", "0016_manners"), ("journal", "0002_rights")]

    operations = [AppendOnly("notifications_optout")]
