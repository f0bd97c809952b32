"""Rules are tested in a second or two: few invented examples each time, more when asked for.

On a developer's machine the examples are others each time. The gate of a pull request invents the
same ones for the same code, so that nobody is stopped by what somebody else wrote.
"""

import os

from hypothesis import Phase, settings

QUICK = tuple(phase for phase in Phase if phase is not Phase.explain)

settings.register_profile(
    "quick", max_examples=25, deadline=None, phases=QUICK, derandomize="CI" in os.environ
)
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
