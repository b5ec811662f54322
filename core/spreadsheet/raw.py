from typing import NamedTuple


class RawCell(NamedTuple):
    """One cell as the workbook holds it, before anybody says what it means.

    `value` is None, str, int, float, bool, datetime.datetime (dates at midnight), datetime.time or
    datetime.timedelta; for an error cell it is the error's text (#REF!), for a formula that was never
    calculated None. `number_format` is the Excel format code.
    """

    value: object
    number_format: str = "General"
    is_formula_without_value: bool = False
    is_error: bool = False


BLANK = RawCell(None)
