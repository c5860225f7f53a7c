"""What `cases` announces, after commit. `sender` is the model's class, `notice` or `case` the row."""

from django.dispatch import Signal

published = Signal()  # notice: now what the public acts on, or changed while it is
stopped = Signal()  # notice: nobody should write any more
closed = Signal()  # case: its outcome is known
withdrawn = Signal()  # notice: no longer public in any form
