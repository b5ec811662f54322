"""Accounts and seats, as the system administrator enters them."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, read_day
from core.models import User
from townships.models import Duty, Role, Unit


class SeatForm(TokenForm):
    role = forms.ChoiceField(label="角色", choices=Role.choices)
    duties = forms.MultipleChoiceField(
        label="职责", choices=Duty.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", required=False, help_text="乡镇和部门的岗位必填。")
    valid_until = ReadField(
        reader=read_day, label="有效期至", required=False, max_length=40, help_text="检查岗位必填。"
    )

    def __init__(self, *args: Any, county_id: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.current().in_county(county_id).listed()

    @property
    def seat(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("role", "duties", "unit", "valid_until")}


class AccountForm(SeatForm):
    username = forms.SlugField(label="账号", max_length=30, help_text="字母、数字、下划线。")
    full_name = forms.CharField(label="姓名", max_length=50)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    password = forms.CharField(label="初始密码", max_length=100, help_text="至少十位，首次登录后由本人修改。")
    field_order = ("username", "full_name", "phone", "password", "role", "duties", "unit", "valid_until")

    @property
    def account(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("username", "full_name", "password", "phone")}


class NewPasswordForm(TokenForm):
    password = forms.CharField(
        label="新密码", max_length=100, help_text="至少十位。当面或打电话告诉本人，请本人登录后修改。"
    )


class HandOverForm(TokenForm):
    """To whom; `expected` is how many lines the list had that was looked at."""

    receiver = forms.ModelChoiceField(User.objects.none(), label="接收人", empty_label="请选择")
    witness = forms.CharField(label="监交人", max_length=50, help_text="单位负责人或其他在场见证移交的人。")
    reason = forms.CharField(label="移交原因", max_length=200, help_text="例如调离、退休、岗位轮换。")
    document = forms.CharField(label="依据文件", max_length=100, required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, people: QuerySet, count: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = people
        self.fields["expected"].initial = count
        self.fields["receiver"].label_from_instance = lambda user: f"{user}（{user.username}）"

    @property
    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("receiver", "witness", "reason", "document", "expected")}
