from .memberships import networks as networks
from .ods import practices as practices
from .register import Register as Register
