"""How addresses spell the number of a case."""

from cases.numbers import Number, parse


class NumberConverter:
    """The one canonical spelling: ua-63-20."""

    regex = r"ua-[1-9]\d{0,3}-\d\d"

    def to_python(self, value: str) -> Number:
        number = parse(value)
        if number is None:
            raise ValueError(value)
        return number

    def to_url(self, value: Number) -> str:
        return value.slug
