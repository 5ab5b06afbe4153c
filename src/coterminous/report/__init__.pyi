from .assembling import appendix as appendix
from .many import appendices as appendices
