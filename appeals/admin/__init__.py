"""What supporters did and what they are owed, for the staff: looked at, decided on, never rewritten."""

from appeals.admin import letters, mail, replies, reports, totals

__all__ = ["letters", "mail", "replies", "reports", "totals"]
