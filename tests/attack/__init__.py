"""Can somebody who reads only what was published get a hidden count back?"""
