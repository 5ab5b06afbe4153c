from .page.framing import offline_html as offline_html
from .page.interactive import explore as explore
from .paper.plate import Plate as Plate
from .paper.plate_set import plates as plates
from .paper.printed import plot as plot
