import core.fields
import django.db.models.deletion
import enterprises.models
from decimal import Decimal
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
            name='Enterprise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('name', models.CharField(max_length=100, verbose_name='企业名称')),
                ('uscc', models.CharField(blank=True, max_length=18, validators=[enterprises.models.valid_uscc], verbose_name='统一社会信用代码')),
                ('industry', models.CharField(blank=True, max_length=4, validators=[enterprises.models.valid_industry], verbose_name='国民经济行业')),
                ('registered_on', models.DateField(blank=True, null=True, verbose_name='登记日期')),
                ('registered_capital', core.fields.MoneyField(blank=True, null=True, verbose_name='注册资本')),
                ('status', models.CharField(choices=[('active', '存续'), ('suspended', '停业'), ('moved', '迁出'), ('cancelled', '注销'), ('revoked', '吊销')], default='active', max_length=10, verbose_name='登记状态')),
                ('scale_group', models.CharField(blank=True, choices=[('industry', '规上工业'), ('construction', '资质建筑业'), ('trade', '限上批零'), ('catering', '限上住餐'), ('real_estate', '房地产'), ('service', '规上服务业')], max_length=12, verbose_name='四上类别')),
                ('contact', models.CharField(blank=True, max_length=30, verbose_name='联系人')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='联系电话')),
                ('remark', models.TextField(blank=True, max_length=2000, verbose_name='备注')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.unit', verbose_name='所在乡镇')),
            ],
            options={
                'verbose_name': '企业',
                'indexes': [models.Index(fields=['county', 'voided_at', 'code'], name='enterprise_listed'), models.Index(fields=['county', 'township'], name='enterprise_township'), models.Index(fields=['county', 'registered_on'], name='enterprise_registered')],
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='enterprise_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(('registered_capital__range', (Decimal('-99999999.9999'), Decimal('99999999.9999'))), ('registered_capital', None), _connector='OR'), name='enterprises_enterprise_registered_capital_range', violation_error_message='金额超过一万亿元，请核对是否把元当成了万元。'), models.UniqueConstraint(condition=models.Q(('voided_at', None), models.Q(('uscc', ''), _negated=True)), fields=('county', 'uscc'), name='enterprise_uscc_once', violation_error_message='这个统一社会信用代码已登记在另一家企业名下，请核对。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county', 'township', 'name'), name='enterprise_name_once', violation_error_message='这个乡镇已登记过同名企业，请核对后再新增。'), models.CheckConstraint(condition=models.Q(('registered_capital', None), ('registered_capital__gte', 0), _connector='OR'), name='enterprise_capital_positive', violation_error_message='注册资本不能为负。')],
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('happened_on', models.DateField(verbose_name='发生日期')),
                ('happened_until', models.DateField(editable=False, verbose_name='发生日期（止）')),
                ('happened_precision', models.CharField(default='day', editable=False, max_length=8)),
                ('late_reason', models.CharField(blank=True, max_length=200, verbose_name='补录说明')),
                ('verdict', models.CharField(choices=[('pending', '待认定'), ('accepted', '已认定'), ('returned', '退回'), ('refused', '不予认定')], default='pending', editable=False, max_length=10, verbose_name='认定状态')),
                ('verified_as', models.CharField(blank=True, editable=False, max_length=100, verbose_name='认定身份')),
                ('verified_on', models.DateField(editable=False, null=True, verbose_name='认定日期')),
                ('verdict_note', models.CharField(blank=True, editable=False, max_length=200, verbose_name='认定意见')),
                ('counted_from', models.DateField(editable=False, null=True, verbose_name='归属期起')),
                ('counted_until', models.DateField(editable=False, null=True, verbose_name='归属期止')),
                ('opening', models.BooleanField(default=False, editable=False, verbose_name='历史数据')),
                ('step', models.CharField(choices=[('intended', '拟申报'), ('submitted', '已申报'), ('returned', '退回'), ('listed', '入库'), ('delisted', '退库')], max_length=10, verbose_name='环节')),
                ('submission', models.CharField(blank=True, max_length=60, verbose_name='申报批次')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('claimed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='填报人')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('verified_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='认定人')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='enterprises.enterprise', verbose_name='企业名称')),
            ],
            options={
                'verbose_name': '申报入库记录',
                'indexes': [models.Index(fields=['county', 'voided_at', 'code'], name='declaration_listed'), models.Index(fields=['county', 'step', 'happened_on'], name='declaration_date'), models.Index(fields=['enterprise', 'happened_on'], name='declaration_enterprise')],
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='declaration_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(('happened_until__gte', models.F('happened_on'))), name='enterprises_declaration_span_in_order', violation_error_message='发生日期的止早于起，请核对。'), models.CheckConstraint(condition=models.Q(('verified_by', None), models.Q(models.Q(('verified_by', models.F('entered_by')), _negated=True), models.Q(('claimed_by', None), models.Q(('verified_by', models.F('claimed_by')), _negated=True), _connector='OR')), _connector='OR'), name='enterprises_declaration_second_person', violation_error_message='认定人不能是填报人本人，请由另一位同事认定。'), models.CheckConstraint(condition=models.Q(models.Q(('counted_from__isnull', False), ('verdict', 'accepted'), ('verified_on__isnull', False)), models.Q(models.Q(('verdict', 'accepted'), _negated=True), ('counted_from', None)), _connector='OR'), name='enterprises_declaration_counted_if_accepted', violation_error_message='已认定的记录要有认定日期和归属期。'), models.UniqueConstraint(condition=models.Q(('voided_at', None), models.Q(('verdict__in', ['returned', 'refused']), _negated=True)), fields=('county', 'enterprise', 'step', 'happened_on'), name='declaration_once', violation_error_message='这家企业当天的这个环节已登记过，请修改原来那条。')],
            },
        ),
    ]
