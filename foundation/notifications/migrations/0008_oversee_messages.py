from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0007_first_versions'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='message',
            options={'default_permissions': ('view', 'change'), 'ordering': ('-created_at', '-id'), 'permissions': [('send_message', 'Can write to customers'), ('oversee_messages', 'Can see every message')], 'verbose_name': 'message', 'verbose_name_plural': 'messages'},
        ),
    ]
