from .checking import Report as Report
from .checking import check as check
from .fitting import compare_fits as compare_fits
from .mending import Mended as Mended
from .mending import mend as mend
from .overlaying import overlay as overlay
from .reading_polygons import read_polygons as read_polygons
