"""Parts of addresses that have a meaning here."""

import re

from appeals.models import LetterFile


class KindConverter:
    """What is made of a letter, by the file's name in the address."""

    regex = "|".join(re.escape(kind) for kind in LetterFile.Kind.values)

    def to_python(self, text: str) -> LetterFile.Kind:
        return LetterFile.Kind(text)

    def to_url(self, kind: str) -> str:
        return str(LetterFile.Kind(kind).value)
