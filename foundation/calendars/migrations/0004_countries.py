from django.db import migrations

COUNTRIES = {"guangzhou": ("CN", ""), "berlin": ("DE", "BE")}


def connect(apps, schema_editor):
    """The house's own calendars learn whose public holidays they have; what a person has filled in stays."""
    calendars = apps.get_model("calendars", "Calendar").objects.using(schema_editor.connection.alias)
    for code, (country, region) in COUNTRIES.items():
        calendars.filter(code=code, country="").update(country=country, region=region)


class Migration(migrations.Migration):
    dependencies = [("calendars", "0003_holidays_uses")]

    operations = [migrations.RunPython(connect, migrations.RunPython.noop)]
