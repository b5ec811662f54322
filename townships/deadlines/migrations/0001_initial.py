import core.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_initial'),
        ('core', '__first__'),
        ('townships', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('name', models.CharField(max_length=40, verbose_name='节日')),
                ('kind', models.CharField(choices=[('off', '放假'), ('work', '调休上班')], default='off', max_length=4, verbose_name='安排')),
                ('first_day', models.DateField(verbose_name='起始日')),
                ('last_day', models.DateField(verbose_name='截止日')),
                ('document', models.CharField(max_length=100, verbose_name='依据文件')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '放假调休',
                'indexes': [models.Index(fields=['county', 'voided_at', 'code'], name='holiday_listed')],
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='holiday_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='holiday_days_in_order', violation_error_message='截止日不能早于起始日。')],
            },
        ),
        migrations.CreateModel(
            name='LedgerDeadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('ledger', models.CharField(max_length=30, verbose_name='台账')),
                ('month', core.fields.MonthField(verbose_name='月份')),
                ('due_on', models.DateField(verbose_name='报送期限')),
                ('rule_day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='按次月几日')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '报送期限',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='ledger_deadline_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(('month__day', 1), ('month', None), _connector='OR'), name='deadlines_ledgerdeadline_month_first_day', violation_error_message='月份请写成类似 2024-03 的写法。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county', 'ledger', 'month'), name='ledger_deadline_once', violation_error_message='这个月的报送期限已经设定。'), models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('month'))), name='ledger_deadline_after_month', violation_error_message='报送期限不能早于所报的月份。')],
            },
        ),
    ]
