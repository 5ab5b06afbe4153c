from .register import Register as Register
