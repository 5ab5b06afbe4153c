"""What does the command line offer? One module a topic, each with `add(subparsers)`."""
