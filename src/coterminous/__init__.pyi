from .disclosure import (
    protect as protect,
)
from .drawings import (
    Options as Options,
)
from .drawings import (
    count_options as count_options,
)
from .drawings import (
    option_appraisal as option_appraisal,
)
from .drawings import (
    options as options,
)
from .effects import (
    Attribution as Attribution,
)
from .effects import (
    Catchments as Catchments,
)
from .effects import (
    Flows as Flows,
)
from .effects import (
    Impact as Impact,
)
from .effects import (
    League as League,
)
from .effects import (
    Parted as Parted,
)
from .effects import (
    Partners as Partners,
)
from .effects import (
    attribute as attribute,
)
from .effects import (
    catchments as catchments,
)
from .effects import (
    flows as flows,
)
from .effects import (
    impact as impact,
)
from .effects import (
    league as league,
)
from .effects import (
    lists as lists,
)
from .effects import (
    parted as parted,
)
from .effects import (
    partners as partners,
)
from .effects import (
    profile as profile,
)
from .effects import (
    two_way_test as two_way_test,
)
from .errors import (
    DisclosureError as DisclosureError,
)
from .errors import (
    InputError as InputError,
)
from .folders import (
    boards as boards,
)
from .folders import (
    load as load,
)
from .geography import (
    Geography as Geography,
)
from .layer import (
    Layer as Layer,
)
from .maps import (
    Plate as Plate,
)
from .maps import (
    plates as plates,
)
from .overlap import (
    Overlap as Overlap,
)
from .polygons import (
    Mended as Mended,
)
from .polygons import (
    Report as Report,
)
from .polygons import (
    check as check,
)
from .polygons import (
    compare_fits as compare_fits,
)
from .polygons import (
    mend as mend,
)
from .polygons import (
    overlay as overlay,
)
from .registers import (
    Register as Register,
)
from .registers import (
    networks as networks,
)
from .registers import (
    practices as practices,
)
from .report import (
    appendices as appendices,
)
from .report import (
    appendix as appendix,
)
from .scenarios import (
    Scenario as Scenario,
)
from .scenarios import (
    compare as compare,
)
from .scenarios import (
    sweep as sweep,
)
from .shares import (
    CutLayer as CutLayer,
)
from .vintages import (
    Codes as Codes,
)
from .vintages import (
    Translated as Translated,
)
from .vintages import (
    codes as codes,
)
from .vintages import (
    translate as translate,
)
from .written import (
    readable as readable,
)

__version__: str
