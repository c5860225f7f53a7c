"""What supporters do: letters, reports and their totals, subscriptions and reminders."""
