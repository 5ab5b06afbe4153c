"""What does a what-if do, and is it sound? Steps, checks and comparison of scenarios."""
