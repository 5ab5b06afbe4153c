from .doors import expect as expect
from .doors import why_lacking as why_lacking
from .recognising import Codes as Codes
from .recognising import codes as codes
from .relabelling import Recoded as Recoded
from .relabelling import translate_lookup as translate_lookup
from .translating import Translated as Translated
from .translating import translate as translate
