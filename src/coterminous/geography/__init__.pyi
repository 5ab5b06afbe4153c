from .value import SOURCE_COLUMNS as SOURCE_COLUMNS
from .value import Geography as Geography
