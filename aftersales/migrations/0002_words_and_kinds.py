"""A frequent word together with a kind of complaint is found by one index."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import foundation.lists.search


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="ticket", name="aftersales_ticket_search"),
        migrations.AddIndex(
            model_name="ticket",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("search"), foundation.lists.search.OneOf("kind"), name="aftersales_ticket_search_kind"
            ),
        ),
    ]
