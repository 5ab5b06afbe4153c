from .doors import expect as expect
from .recognising import Codes as Codes
from .recognising import codes as codes
from .translating import Translated as Translated
from .translating import translate as translate
