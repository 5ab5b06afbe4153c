from .comparison import compare as compare
from .scenario import Scenario as Scenario
from .sweeps import sweep as sweep
