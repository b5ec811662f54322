"""What forms and rows say by the code of what is wrong, in place of sentences that speak of variables."""

PLAINLY = {
    "max_length": "最多%(limit_value)d个字，现在是%(show_value)d个字，请写短一些。",
    "max_value": "不能大于%(limit_value)s。",
    "min_value": "不能小于%(limit_value)s。",
}
