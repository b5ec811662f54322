"""Codes that others gave out: enterprises, investment projects, regions. Cleaned and checked, never guessed.

Sources: GB 32100-2015 (统一社会信用代码); 发改投资〔2020〕1439号 and GB/T 40058-2021 (项目代码); GB/T 2260 and the
statistical region codes (区划代码).
"""

import re
from typing import Literal

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from core.readings import Unreadable, half_width, quoted

USCC_LENGTH = 18
USCC_SHAPE = re.compile("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
USCC_UNUSED_LETTERS = "IOSVZ"
# Which character was meant by a letter that the standard leaves out because it looks like another one.
USCC_LOOKALIKES = str.maketrans("IOSZ", "1052")

ProjectCodeState = Literal["new", "new_badcheck", "old", "bad"]
PROJECT_CODE = re.compile("([0-9]{4})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})")
PROJECT_CODE_DIGITS = re.compile("([0-9]{4})([0-9]{6})([0-9]{2})([0-9]{2})([0-9]{6})")
OLD_PROJECT_CODE_YEARS = range(2015, 2023)
PROJECT_CODE_WARNINGS: dict[ProjectCodeState, str] = {
    "new_badcheck": "项目代码写的是{quoted}，最后一位校验码对不上，请对照备案证核对每一位。",
    "bad": "项目代码写的是{quoted}，应为24位，类似2311-330109-04-01-789813，请对照备案证核对。",
}

RegionLevel = Literal["province", "city", "county", "township", "village"]
REGION_CODE = re.compile("(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)[0-9]{4}(?:[0-9]{3}){0,2}")


def cleaned_code(text: str) -> str:
    """A code in half-width capitals without spaces and without the apostrophes that keep it text in a spreadsheet."""
    return re.sub(r"['‘’`\s]", "", half_width(text)).upper()


def read_uscc(text: str) -> str:
    """The 18 characters of a 统一社会信用代码; raises Unreadable with what to check, and a guess where a slip is plain.

    Any registration authority is taken: village collectives (N…) register with agriculture, not the market authority.
    """
    code = cleaned_code(text)
    if len(code) != USCC_LENGTH:
        raise Unreadable(f"写的是{quoted(text)}，有{len(code)}位，统一社会信用代码应为18位，请对照营业执照核对。")
    if not USCC_SHAPE.fullmatch(code):
        raise Unreadable(f"写的是{quoted(text)}，{_misshapen(code)}请对照营业执照核对。")
    if not _uscc_holds(code):
        raise Unreadable(f"写的是{quoted(text)}，最后一位校验码对不上，请对照营业执照核对每一位。")
    return code


def _uscc_holds(code: str) -> bool:
    return bool(USCC_SHAPE.fullmatch(code)) and uscc.calc_check_digit(code) == code[-1]


def _misshapen(code: str) -> str:
    """What is wrong with the characters, and which code was probably meant."""
    meant = code.translate(USCC_LOOKALIKES)
    question = f"是不是“{meant}”，" if _uscc_holds(meant) else ""
    unused = "、".join(letter for letter in USCC_UNUSED_LETTERS if letter in code)
    if unused:
        return f"统一社会信用代码里没有字母{unused}，{question}"
    return f"统一社会信用代码只有数字和大写字母，第3位至第8位是数字，{question}"


def cleaned_project_code(text: str) -> str:
    """An investment project code in half-width, its hyphens put back when only the 20 digits were written."""
    return PROJECT_CODE_DIGITS.sub(r"\1-\2-\3-\4-\5", code) if _bare_digits(code := cleaned_code(text)) else code


def _bare_digits(code: str) -> bool:
    return PROJECT_CODE_DIGITS.fullmatch(code) is not None


def project_code_state(text: str) -> ProjectCodeState:
    """Which format a 项目代码 has: new (YYMM-…, since 2020-11) with its check digit right or not, old (2015–2022), bad.

    The check digit is ISO/IEC 7064 MOD 11,10 over the first 19 digits: found on real codes, not read in the standard,
    and so good for a warning only.
    """
    code = cleaned_project_code(text)
    match = PROJECT_CODE.fullmatch(code)
    if match is None:
        return "bad"
    century, rest = int(match[1][:2]), int(match[1][2:])
    if 1 <= rest <= 12 and century >= 20:
        return "new" if mod_11_10.is_valid(code.replace("-", "")) else "new_badcheck"
    return "old" if int(match[1]) in OLD_PROJECT_CODE_YEARS else "bad"


def project_code_warning(text: str) -> str | None:
    """A sentence when the code looks wrong, for people to check; never a reason to refuse a record."""
    sentence = PROJECT_CODE_WARNINGS.get(project_code_state(text))
    return sentence and sentence.format(quoted=quoted(text))


def read_region_code(text: str) -> str:
    """A region code in its shortest form, 6 digits to the county, 9 to the township, 12 to the village.

    Zeros that only fill up are dropped: 510722101000 is the township 510722101. Raises Unreadable.
    """
    code = cleaned_code(text)
    if not REGION_CODE.fullmatch(code):
        raise Unreadable(f"写的是{quoted(text)}，区划代码应为6位、9位或12位数字，例如510722或510722101。")
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    return code


def region_level(code: str) -> RegionLevel:
    """What a code from ``read_region_code`` stands for."""
    if len(code) > 6:
        return "township" if len(code) == 9 else "village"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"
