"""What happens to a plan while it runs: rules that bring people in, changes, exemptions, refreshers, reminders."""
