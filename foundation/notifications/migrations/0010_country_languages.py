from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0009_holiday_reply'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountryLanguage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2, unique=True, verbose_name='country')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese'), ('zh-hant', 'Traditional Chinese'), ('de', 'German')], max_length=10, verbose_name='language')),
            ],
            options={
                'verbose_name': 'language of a country',
                'verbose_name_plural': 'languages of countries',
                'ordering': ('country',),
            },
        ),
    ]
