from .bodies import boards as boards
from .loading import load as load
from .template import write_skeleton as write_skeleton
