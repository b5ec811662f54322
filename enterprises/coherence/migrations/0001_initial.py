import core.fields
import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_initial'),
        ('core', '__first__'),
        ('enterprises', '0001_initial'),
        ('townships', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CoherenceRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('key', models.SlugField(blank=True, editable=False, max_length=40, verbose_name='随附编码')),
                ('name', models.CharField(max_length=60, verbose_name='规则名称')),
                ('kind', models.CharField(choices=[('ratio', '两项指标变化不一致'), ('zero', '有收入无投入'), ('peers', '明显高于同行'), ('slip', '疑似单位错位'), ('repeat', '与上月雷同'), ('last_year', '与上年同月雷同'), ('negative', '出现负数'), ('skipped', '月份不连续')], max_length=12, verbose_name='规则类型')),
                ('figure', models.CharField(blank=True, choices=[('revenue', '营业收入'), ('output', '工业总产值'), ('invoiced', '开票销售额'), ('tax', '入库税收'), ('wages', '工资总额'), ('power', '用电量'), ('water', '用水量'), ('gas', '用气量'), ('employees', '从业人数')], max_length=12, verbose_name='指标')),
                ('other', models.CharField(blank=True, choices=[('revenue', '营业收入'), ('output', '工业总产值'), ('invoiced', '开票销售额'), ('tax', '入库税收'), ('wages', '工资总额'), ('power', '用电量'), ('water', '用水量'), ('gas', '用气量'), ('employees', '从业人数')], max_length=12, verbose_name='对照指标')),
                ('limit', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=8, validators=[django.core.validators.MinValueValidator(0)], verbose_name='界限')),
                ('least', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=8, validators=[django.core.validators.MinValueValidator(0)], verbose_name='幅度（%）')),
                ('months', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='个数')),
                ('rest', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(36)], verbose_name='间隔月数')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '疑点规则',
                'indexes': [models.Index(fields=['county', 'voided_at', 'code'], name='coherence_rule_listed')],
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='coherence_rule_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county', 'name'), name='coherence_rule_name_once', violation_error_message='已有同名的疑点规则，请换一个名称。'), models.UniqueConstraint(condition=models.Q(('voided_at', None), models.Q(('key', ''), _negated=True)), fields=('county', 'key'), name='coherence_rule_key_once', violation_error_message='这条随附规则已经载入。'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('ratio', 'zero', 'peers')), _negated=True), models.Q(models.Q(('figure', ''), _negated=True), models.Q(('other', ''), _negated=True), models.Q(('figure', models.F('other')), _negated=True)), _connector='OR'), name='coherence_rule_two_figures', violation_error_message='这类规则比较两项指标，请选择指标和对照指标，两者不能相同。')],
            },
        ),
        migrations.CreateModel(
            name='CoherenceQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('month', core.fields.MonthField(verbose_name='月份')),
                ('sentence', models.CharField(max_length=300, verbose_name='疑点')),
                ('seen', models.JSONField(default=dict, verbose_name='当时数据')),
                ('from_departments', models.BooleanField(default=False, verbose_name='含部门数据')),
                ('stage', models.CharField(choices=[('open', '待交办'), ('asked', '待答复'), ('answered', '待核结'), ('closed', '已核结')], default='open', max_length=10, verbose_name='办理阶段')),
                ('asked_on', models.DateField(verbose_name='提出日期')),
                ('deadline', models.DateField(blank=True, null=True, verbose_name='答复期限')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='说明')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='答复日期')),
                ('opinion', models.TextField(blank=True, max_length=2000, verbose_name='核结意见')),
                ('outcome', models.CharField(blank=True, choices=[('true', '属实'), ('mended', '已更正'), ('false', '误报')], max_length=10, verbose_name='核实结果')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='核结日期')),
                ('settled_on', models.DateField(blank=True, null=True, verbose_name='数据变动后不再出现')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核结人')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='enterprises.enterprise', verbose_name='企业名称')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.unit', verbose_name='答复单位')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='questions.coherencerule', verbose_name='疑点规则')),
            ],
            options={
                'verbose_name': '疑点',
                'indexes': [models.Index(fields=['county', 'voided_at', 'code'], name='coherence_question_listed'), models.Index(fields=['county', 'month'], name='coherence_question_month')],
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='coherence_question_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(('month__day', 1), ('month', None), _connector='OR'), name='questions_coherencequestion_month_first_day', violation_error_message='月份请写成类似 2024-03 的写法。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county', 'enterprise', 'month', 'rule'), name='coherence_question_once', violation_error_message='这家企业这个月的这个疑点已经提出过。'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'asked'), _negated=True), models.Q(('deadline__isnull', False), ('responsible__isnull', False)), _connector='OR'), name='coherence_question_assigned_whole', violation_error_message='交办要写明答复单位和答复期限。'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['answered', 'closed']), _negated=True), models.Q(models.Q(('answer', ''), _negated=True), ('answered_on__isnull', False)), _connector='OR'), name='coherence_question_answered_in_words', violation_error_message='请写明核实情况。'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', False), ('stage', 'closed'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('stage', 'closed'), _negated=True), ('closed_on', None), ('outcome', '')), _connector='OR'), name='coherence_question_closed_whole', violation_error_message='核结要写明核实结果。'), models.CheckConstraint(condition=models.Q(('closed_by', None), ('answered_by', None), models.Q(('closed_by', models.F('answered_by')), _negated=True), _connector='OR'), name='coherence_question_second_person', violation_error_message='答复的人不能自己核结，请由另一位同事办理。')],
            },
        ),
    ]
