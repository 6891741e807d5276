from django.db import migrations

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):
    """A calendar version is written once."""

    dependencies = [("calendars", "0001_calendars"), ("journal", "0002_rights")]

    operations = [AppendOnly("calendars_calendarversion")]
