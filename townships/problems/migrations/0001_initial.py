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
            name='Problem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('title', models.CharField(max_length=100, verbose_name='问题事项')),
                ('source', models.CharField(choices=[('project', '项目'), ('enterprise', '企业'), ('unit', '单位'), ('meeting', '会议议定事项'), ('instruction', '领导批示'), ('inspection', '检查发现'), ('visit', '走访')], max_length=12, verbose_name='来源')),
                ('source_note', models.CharField(blank=True, max_length=200, verbose_name='来源说明')),
                ('topic', models.CharField(blank=True, choices=[('land', '用地'), ('power', '用电'), ('water', '用水用气'), ('approval', '审批'), ('finance', '融资'), ('labour', '用工'), ('environment', '环保'), ('clearance', '征地拆迁'), ('policy', '政策兑现'), ('other', '其他')], max_length=12, verbose_name='问题类型')),
                ('description', models.TextField(max_length=2000, verbose_name='问题描述')),
                ('subject_ledger', models.CharField(blank=True, max_length=30, verbose_name='所涉台账')),
                ('subject_id', models.BigIntegerField(blank=True, null=True)),
                ('subject_code', models.CharField(blank=True, max_length=32, verbose_name='所涉编号')),
                ('subject_label', models.CharField(blank=True, max_length=200, verbose_name='涉及项目或企业')),
                ('raised_on', models.DateField(verbose_name='提出日期')),
                ('raised_by', models.CharField(blank=True, max_length=50, verbose_name='提出人')),
                ('stage', models.CharField(choices=[('raised', '待交办'), ('handling', '办理中'), ('applied', '待验收'), ('closed', '已销号')], default='raised', max_length=10, verbose_name='办理阶段')),
                ('leader', models.CharField(blank=True, max_length=30, verbose_name='责任领导')),
                ('document', models.CharField(blank=True, max_length=60, verbose_name='交办文号')),
                ('assigned_on', models.DateField(blank=True, null=True, verbose_name='交办日期')),
                ('deadline', models.DateField(blank=True, null=True, verbose_name='办理期限')),
                ('returned', models.BooleanField(default=False, verbose_name='验收退回')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='申请销号日期')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='销号日期')),
                ('late', models.BooleanField(default=False, verbose_name='逾期标记')),
                ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请销号人')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='销号人')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('raised_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.unit', verbose_name='提出单位')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.unit', verbose_name='责任单位')),
                ('township', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.unit', verbose_name='涉及乡镇')),
            ],
            options={
                'verbose_name': '问题',
                'indexes': [models.Index(fields=['county', 'voided_at', 'code'], name='problem_listed'), models.Index(fields=['county', 'subject_ledger', 'subject_id'], name='problem_subject')],
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='problem_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(models.Q(('assigned_on', None), ('deadline', None), ('responsible', None), ('stage', 'raised')), models.Q(models.Q(('stage', 'raised'), _negated=True), ('assigned_on__isnull', False), ('deadline__isnull', False), ('responsible__isnull', False)), _connector='OR'), name='problem_assigned_whole', violation_error_message='交办要写明责任单位、交办日期和办理期限。'), models.CheckConstraint(condition=models.Q(('assigned_on', None), ('assigned_on__gte', models.F('raised_on')), _connector='OR'), name='problem_assigned_after_raised', violation_error_message='交办日期不能早于提出日期。'), models.CheckConstraint(condition=models.Q(('deadline', None), ('deadline__gte', models.F('assigned_on')), _connector='OR'), name='problem_deadline_after_assigned', violation_error_message='办理期限不能早于交办日期。'), models.CheckConstraint(condition=models.Q(models.Q(('done_on__isnull', False), ('stage__in', ['applied', 'closed'])), models.Q(models.Q(('stage__in', ['applied', 'closed']), _negated=True), ('done_on', None)), _connector='OR'), name='problem_done_if_applied', violation_error_message='申请销号要有申请日期。'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', False), ('stage', 'closed')), models.Q(models.Q(('stage', 'closed'), _negated=True), ('closed_on', None)), _connector='OR'), name='problem_closed_on_a_day', violation_error_message='销号要有销号日期。'), models.CheckConstraint(condition=models.Q(('closed_by', None), ('applied_by', None), models.Q(('closed_by', models.F('applied_by')), _negated=True), _connector='OR'), name='problem_second_person', violation_error_message='申请销号的人不能自己同意销号，请由另一位同事验收。'), models.CheckConstraint(condition=models.Q(models.Q(('subject_id', None), ('subject_ledger', '')), models.Q(models.Q(('subject_ledger', ''), _negated=True), ('subject_id__isnull', False)), _connector='OR'), name='problem_subject_whole', violation_error_message='涉及的项目或企业没有记全，请重新填写。')],
            },
        ),
        migrations.CreateModel(
            name='Cooperation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.unit', verbose_name='配合单位')),
                ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cooperations', to='problems.problem', verbose_name='问题')),
            ],
            options={
                'verbose_name': '配合单位',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='cooperation_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county', 'problem', 'unit'), name='cooperation_once', violation_error_message='这个单位已经是配合单位。')],
            },
        ),
        migrations.CreateModel(
            name='ProblemStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('act', models.CharField(choices=[('assign', '交办'), ('reply', '填报办理情况'), ('apply', '申请销号'), ('accept', '同意销号'), ('return', '退回'), ('reassign', '改派'), ('extend', '延期'), ('reopen', '重新办理')], max_length=10, verbose_name='事项')),
                ('on', models.DateField(verbose_name='日期')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='内容')),
                ('deadline_before', models.DateField(blank=True, null=True, verbose_name='原期限')),
                ('deadline_after', models.DateField(blank=True, null=True, verbose_name='新期限')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='problems.problem', verbose_name='问题')),
            ],
            options={
                'verbose_name': '办理记录',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='problem_step_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(models.Q(('act', 'extend'), _negated=True), models.Q(('deadline_after__gt', models.F('deadline_before')), ('deadline_before__isnull', False)), _connector='OR'), name='problem_step_extends', violation_error_message='新期限要晚于原期限。'), models.CheckConstraint(condition=models.Q(('act__in', ['assign', 'accept']), models.Q(('text', ''), _negated=True), _connector='OR'), name='problem_step_in_words', violation_error_message='请写明办理情况或理由。')],
            },
        ),
    ]
