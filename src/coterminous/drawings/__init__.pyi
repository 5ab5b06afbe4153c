from .appraisal import option_appraisal as option_appraisal
from .enumerating import count_options as count_options
from .enumerating import options as options
from .optionsets import Options as Options
