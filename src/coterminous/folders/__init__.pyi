from .template import write_skeleton as write_skeleton
