from .page.interactive import explore as explore
from .paper.plate_set import Plate as Plate
from .paper.plate_set import plates as plates
from .paper.printed import plot as plot
