"""How is the content written out? One module a format; each only renders."""
