from .suppression import protect as protect
