from .assembling import appendix as appendix
