import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('kind', models.CharField(choices=[('holiday', 'Holiday'), ('sick', 'Illness'), ('other', 'Other')], default='holiday', max_length=10, verbose_name='kind')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('entered_at', models.DateTimeField(auto_now_add=True, verbose_name='entered')),
                ('begun_at', models.DateTimeField(editable=False, null=True, verbose_name='begun')),
                ('cancelled_at', models.DateTimeField(editable=False, null=True, verbose_name='called off')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leaves', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'ordering': ('first_day', 'pk'),
                'permissions': [('manage_leave', 'Can enter absences of colleagues'), ('hand_over_work', 'Can hand over the work of colleagues')],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('back_on', models.DateField(blank=True, null=True, verbose_name='back on')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('returned_at', models.DateTimeField(editable=False, null=True, verbose_name='given back')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                ('leave', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='handover', to='accounts.leave', verbose_name='absence')),
            ],
            options={
                'verbose_name': 'hand-over',
                'verbose_name_plural': 'hand-overs',
                'ordering': ('-pk',),
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='HandedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SlugField(max_length=30, verbose_name='kind')),
                ('object_id', models.BigIntegerField()),
                ('label', models.CharField(max_length=200, verbose_name='record')),
                ('state', models.CharField(choices=[('given', 'Handed over'), ('refused', 'Refused'), ('returned', 'Given back'), ('kept', 'Stays where it is')], default='given', max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('given_to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='to whom')),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='accounts.handover')),
            ],
            options={
                'verbose_name': 'handed-over record',
                'verbose_name_plural': 'handed-over records',
                'ordering': ('pk',),
                'default_permissions': (),
                'indexes': [models.Index(fields=['kind', 'object_id'], name='accounts_handed_record')],
                'constraints': [models.UniqueConstraint(fields=('handover', 'kind', 'object_id'), name='accounts_handed_once')],
            },
        ),
        migrations.AddIndex(
            model_name='leave',
            index=models.Index(condition=models.Q(('cancelled_at', None)), fields=['last_day'], name='accounts_leave_now'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='accounts_leave_in_order'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('back_on__isnull', False), ('returned_at', None)), fields=['back_on'], name='accounts_handover_back'),
        ),
    ]
