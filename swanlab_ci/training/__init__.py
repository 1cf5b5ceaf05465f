"""What happens beside a training: its runs are bound to a commit, and its end is reported."""
