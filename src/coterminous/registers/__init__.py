"""What is in a register, and where is it read from? The parts behind `register`."""
