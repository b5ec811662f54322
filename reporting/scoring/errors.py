"""What stops a whole scoring run; `str()` of each is a Chinese sentence for the person who wrote the file."""


class FileError(ValueError):
    """A file cannot be read or breaks a rule."""


class SchemeError(FileError):
    """The scheme breaks a rule, or one of its formulas does not parse."""


class InputError(FileError):
    """The inputs break a rule."""
