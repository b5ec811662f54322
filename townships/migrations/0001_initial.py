import datetime
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_initial'),
        ('core', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='County',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=6, unique=True, verbose_name='区划代码')),
                ('name', models.CharField(max_length=50, verbose_name='县名')),
                ('demo', models.BooleanField(default=False, verbose_name='演示')),
                ('disclosed', models.JSONField(blank=True, default=dict, verbose_name='栏目可见范围')),
                ('due_soon_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MaxValueValidator(90)], verbose_name='临期提醒天数')),
            ],
            options={
                'verbose_name': '县',
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('name', models.CharField(max_length=50, verbose_name='单位名称')),
                ('kind', models.CharField(choices=[('township', '乡镇'), ('street', '街道'), ('park', '园区'), ('department', '部门'), ('platform', '平台公司'), ('task_force', '工作组')], max_length=12, verbose_name='类别')),
                ('region_code', models.CharField(blank=True, max_length=12, verbose_name='区划代码')),
                ('position', models.PositiveSmallIntegerField(default=999, verbose_name='排列顺序')),
                ('valid_from', models.DateField(default=datetime.date(2000, 1, 1), verbose_name='设立日期')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('park_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.unit', verbose_name='所在乡镇')),
            ],
            options={
                'verbose_name': '单位',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='unit_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.UniqueConstraint(condition=models.Q(('valid_until', None), ('voided_at', None)), fields=('county', 'name'), name='unit_name_once', violation_error_message='已有同名单位，请核对后再新增。'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='unit_dates_in_order', violation_error_message='撤销日期要晚于设立日期。')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('role', models.CharField(choices=[('county', '县招商办'), ('township', '乡镇'), ('leader', '县领导'), ('department', '部门'), ('admin', '系统管理员'), ('auditor', '审计员'), ('security', '安全管理员'), ('inspector', '检查')], max_length=12, verbose_name='角色')),
                ('duties', models.JSONField(blank=True, default=list, verbose_name='职责')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='有效期至')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='townships.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '岗位',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='seat_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['department', 'township']), _negated=True), ('unit__isnull', False), _connector='OR'), name='seat_has_unit', violation_error_message='乡镇和部门的岗位要选定单位。'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'inspector'), _negated=True), ('valid_until__isnull', False), _connector='OR'), name='seat_inspector_ends', violation_error_message='检查岗位要填写有效期。')],
            },
        ),
        migrations.CreateModel(
            name='PilotTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('category', models.CharField(choices=[('central', '中心镇'), ('special', '特色镇')], max_length=10, verbose_name='试点类别')),
                ('type', models.CharField(choices=[('leading', '示范引领型'), ('rising', '发展提升型')], max_length=10, verbose_name='试点类型')),
                ('first_day', models.DateField(verbose_name='试点起')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='试点止')),
                ('document', models.CharField(blank=True, max_length=100, verbose_name='依据文件')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pilot_terms', to='townships.unit', verbose_name='乡镇')),
            ],
            options={
                'verbose_name': '试点期',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='pilot_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(('last_day', None), ('last_day__gte', models.F('first_day')), _connector='OR'), name='pilot_dates_in_order', violation_error_message='试点止要不早于试点起。')],
            },
        ),
        migrations.CreateModel(
            name='UnitAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('name', models.CharField(max_length=60, verbose_name='别名')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='aliases', to='townships.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '单位别名',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='unit_alias_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county', 'name'), name='unit_alias_once', violation_error_message='这个别名已属于别的单位。')],
            },
        ),
        migrations.CreateModel(
            name='UnitSuccession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('kind', models.CharField(choices=[('merger', '合并'), ('split', '分设')], default='merger', max_length=6, verbose_name='方式')),
                ('on', models.DateField(verbose_name='承接日期')),
                ('document', models.CharField(blank=True, max_length=100, verbose_name='依据文件')),
                ('carried', models.JSONField(blank=True, default=list, editable=False, verbose_name='随之划转')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='townships.unit', verbose_name='原单位')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='predecessions', to='townships.unit', verbose_name='承接单位')),
            ],
            options={
                'verbose_name': '单位沿革',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='succession_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county', 'predecessor', 'successor'), name='succession_once', violation_error_message='这条沿革已登记。'), models.UniqueConstraint(condition=models.Q(('kind', 'merger'), ('voided_at', None)), fields=('county', 'predecessor'), name='succession_one_heir', violation_error_message='合并只有一个承接单位；由几个单位承接的，方式请选分设。'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='succession_of_another', violation_error_message='单位不能承接自己。')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('witness', models.CharField(max_length=50, verbose_name='监交人')),
                ('on', models.DateField(verbose_name='移交日期')),
                ('reason', models.CharField(max_length=200, verbose_name='移交原因')),
                ('document', models.CharField(blank=True, max_length=100, verbose_name='依据文件')),
                ('seats', models.CharField(blank=True, max_length=500, verbose_name='移交的岗位')),
                ('items', models.JSONField(blank=True, default=list, verbose_name='移交事项')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='townships.county', verbose_name='县')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='移交人')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='接收人')),
            ],
            options={
                'verbose_name': '移交',
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='handover_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='handover_to_another', violation_error_message='接收人不能是移交人本人。')],
            },
        ),
    ]
