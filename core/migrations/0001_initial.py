import core.fields
import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=40, unique=True)),
                ('county_id', models.BigIntegerField()),
                ('used_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Gate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_id', models.BigIntegerField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('stored_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('full_name', models.CharField(max_length=50, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='电话')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_id', models.BigIntegerField()),
                ('ledger', models.CharField(max_length=30, verbose_name='台账')),
                ('month', core.fields.MonthField(verbose_name='月份')),
                ('closed_at', models.DateTimeField(verbose_name='关账时间')),
                ('closed_as', models.CharField(max_length=100, verbose_name='关账人')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county_id', 'ledger', 'month'), name='core_closing_unique', violation_error_message='这个月已经关账。'), models.CheckConstraint(condition=models.Q(('month__day', 1), ('month', None), _connector='OR'), name='core_closing_month_first_day', violation_error_message='月份请写成类似 2024-03 的写法。')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county_id', 'kind', 'year'), name='core_counter_unique')],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('county_id', models.BigIntegerField(editable=False)),
                ('unit_id', models.BigIntegerField(editable=False, null=True)),
                ('ledger', models.CharField(max_length=30, verbose_name='台账')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                ('row_count', models.PositiveIntegerField(default=0, verbose_name='行数')),
                ('summary', models.JSONField(blank=True, default=dict, verbose_name='导入结果')),
                ('accepted_document', models.CharField(blank=True, max_length=100, verbose_name='期初认定文件')),
                ('accepted_document_date', models.DateField(blank=True, null=True, verbose_name='文件日期')),
                ('accepted_on', models.DateField(blank=True, null=True, verbose_name='期初认定日期')),
                ('accepted_as', models.CharField(blank=True, max_length=100, verbose_name='期初认定人')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile', verbose_name='文件')),
            ],
            options={
                'verbose_name': '导入批次',
                'constraints': [models.UniqueConstraint(fields=('county_id', 'code'), name='core_batch_code', violation_error_message='这个编号已经用过，请再保存一次。')],
            },
        ),
        migrations.CreateModel(
            name='ImportLayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_id', models.BigIntegerField()),
                ('ledger', models.CharField(max_length=30, verbose_name='台账')),
                ('fingerprint', models.CharField(max_length=64)),
                ('columns', models.JSONField(blank=True, default=dict, verbose_name='各列的读法')),
                ('units', models.JSONField(blank=True, default=dict, verbose_name='各列的单位')),
                ('says', models.TextField(verbose_name='表头读法')),
                ('told_as', models.CharField(max_length=100, verbose_name='指定人')),
                ('told_at', models.DateTimeField(verbose_name='指定时间')),
            ],
            options={
                'verbose_name': '表头读法',
                'constraints': [models.UniqueConstraint(fields=('county_id', 'ledger', 'fingerprint'), name='core_layout_unique', violation_error_message='这种表头的读法刚由别人指定过，请刷新后核对。')],
            },
        ),
        migrations.CreateModel(
            name='Overwritten',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_id', models.BigIntegerField()),
                ('model', models.CharField(max_length=60)),
                ('record_id', models.BigIntegerField()),
                ('values', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overwritten', to='core.importbatch')),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('county_id', models.BigIntegerField(editable=False)),
                ('ledger', models.CharField(max_length=30, verbose_name='台账')),
                ('name', models.CharField(max_length=30, verbose_name='视图名称')),
                ('query', models.CharField(blank=True, max_length=4000, verbose_name='筛选条件')),
                ('shared', models.BooleanField(default=False, verbose_name='共享')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='保存人')),
            ],
            options={
                'verbose_name': '视图',
                'constraints': [models.UniqueConstraint(fields=('county_id', 'code'), name='core_view_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county_id', 'owner', 'ledger', 'name'), name='core_view_named_once', violation_error_message='这本台账已有同名视图，请换一个名称。')],
            },
        ),
        migrations.CreateModel(
            name='OpeningView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_id', models.BigIntegerField()),
                ('ledger', models.CharField(max_length=30)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('view', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.savedview', verbose_name='视图')),
            ],
            options={
                'verbose_name': '默认视图',
                'constraints': [models.UniqueConstraint(fields=('county_id', 'user', 'ledger'), name='core_opening_view_once', violation_error_message='这本台账已有默认视图，请再试一次。')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_id', models.BigIntegerField()),
                ('first_id', models.BigIntegerField()),
                ('last_id', models.BigIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county_id', 'first_id'), name='core_seal_unique')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('county_id', models.BigIntegerField(editable=False)),
                ('unit_id', models.BigIntegerField(editable=False, null=True)),
                ('ledger', models.CharField(max_length=30, verbose_name='台账')),
                ('record_id', models.BigIntegerField()),
                ('slot', models.CharField(max_length=60, verbose_name='材料')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile', verbose_name='文件')),
            ],
            options={
                'verbose_name': '佐证材料',
                'indexes': [models.Index(fields=['county_id', 'ledger', 'record_id'], name='core_evidence_target')],
                'constraints': [models.UniqueConstraint(fields=('county_id', 'code'), name='core_evidence_code', violation_error_message='这个编号已经用过，请再保存一次。')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_id', models.BigIntegerField()),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('act', models.UUIDField(verbose_name='操作批号')),
                ('actor', models.CharField(max_length=100, verbose_name='操作人')),
                ('action', models.CharField(max_length=20, verbose_name='操作')),
                ('model', models.CharField(max_length=60)),
                ('record_id', models.BigIntegerField()),
                ('record_code', models.CharField(blank=True, max_length=32, verbose_name='编号')),
                ('record_label', models.CharField(max_length=200, verbose_name='名称')),
                ('subject_model', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('changes', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('exception', models.CharField(blank=True, max_length=32, verbose_name='关账例外')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('exception', ''), _negated=True), fields=['county_id', 'exception'], name='core_audit_exception'), models.Index(fields=['county_id', 'subject_model', 'subject_id'], name='core_audit_subject'), models.Index(fields=['county_id', 'at'], name='core_audit_time'), models.Index(fields=['county_id', 'id'], name='core_audit_order')],
            },
        ),
        migrations.CreateModel(
            name='FormWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('county_id', models.BigIntegerField(editable=False)),
                ('form', models.CharField(editable=False, max_length=30, verbose_name='表样')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='标题')),
                ('footer_lines', models.TextField(blank=True, max_length=1000, verbose_name='表下说明')),
                ('signatures', models.TextField(blank=True, max_length=300, verbose_name='签名')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
            ],
            options={
                'verbose_name': '表样用语',
                'constraints': [models.UniqueConstraint(fields=('county_id', 'code'), name='core_form_wording_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('county_id', 'form'), name='core_form_worded_once', violation_error_message='这张表样的用语刚由别人设定过，请刷新后再改。')],
            },
        ),
        migrations.CreateModel(
            name='ClosingException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=32, verbose_name='编号')),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('entered_as', models.CharField(default='', editable=False, max_length=100, verbose_name='录入身份')),
                ('entered_at', models.DateTimeField(editable=False, verbose_name='录入时间')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废原因')),
                ('county_id', models.BigIntegerField(editable=False)),
                ('unit_id', models.BigIntegerField(editable=False, null=True)),
                ('unit_name', models.CharField(blank=True, max_length=50, verbose_name='单位')),
                ('ledger', models.CharField(max_length=30, verbose_name='台账')),
                ('month', core.fields.MonthField(verbose_name='月份')),
                ('record_id', models.BigIntegerField(editable=False, null=True)),
                ('record_name', models.CharField(blank=True, max_length=200, verbose_name='记录')),
                ('reason', models.CharField(max_length=200, verbose_name='申请原因')),
                ('wanted_until', models.DateField(verbose_name='申请开放至')),
                ('decision', models.CharField(choices=[('asked', '待批准'), ('granted', '已批准'), ('refused', '不同意'), ('ended', '已收回')], default='asked', editable=False, max_length=10, verbose_name='批准情况')),
                ('until', models.DateField(editable=False, null=True, verbose_name='开放至')),
                ('decided_as', models.CharField(blank=True, editable=False, max_length=100, verbose_name='批准人')),
                ('decided_on', models.DateField(editable=False, null=True, verbose_name='批准日期')),
                ('note', models.CharField(blank=True, editable=False, max_length=200, verbose_name='批准意见')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('batch', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
            ],
            options={
                'verbose_name': '关账例外',
                'indexes': [models.Index(fields=['county_id', 'until'], name='core_exception_open')],
                'constraints': [models.UniqueConstraint(fields=('county_id', 'code'), name='core_exception_code', violation_error_message='这个编号已经用过，请再保存一次。'), models.UniqueConstraint(condition=models.Q(('decision', 'asked'), ('record_id', None), ('voided_at', None)), fields=('county_id', 'ledger', 'month', 'unit_id'), name='core_exception_unit_asked_once', violation_error_message='这个单位这个月已有一份申请在等批准，不用再申请。'), models.UniqueConstraint(condition=models.Q(('decision', 'asked'), ('record_id__isnull', False), ('voided_at', None)), fields=('county_id', 'ledger', 'month', 'record_id'), name='core_exception_row_asked_once', violation_error_message='这条记录已有一份申请在等批准，不用再申请。'), models.CheckConstraint(condition=models.Q(('unit_id__isnull', False), ('record_id__isnull', False), _connector='OR'), name='core_exception_of_a_cell', violation_error_message='例外只开放一个单位或一条记录，请选定单位。'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('entered_by')), _negated=True), _connector='OR'), name='core_exception_second_person', violation_error_message='这份申请是您本人提出的，请由另一位同事批准。'), models.CheckConstraint(condition=models.Q(models.Q(('decision__in', ['asked', 'refused']), ('until', None)), models.Q(('decided_on__isnull', False), ('decision__in', ['granted', 'ended']), ('until__gte', models.F('decided_on')), ('until__isnull', False)), _connector='OR'), name='core_exception_until_a_day', violation_error_message='批准的例外要写明开放到哪一天，且不早于批准当天。'), models.CheckConstraint(condition=models.Q(('month__day', 1), ('month', None), _connector='OR'), name='core_closingexception_month_first_day', violation_error_message='月份请写成类似 2024-03 的写法。')],
            },
        ),
    ]
